/** The folders of the library: roots, and what lies below them once they are opened. */

import { arrange, byId, h, setAttribute, setText } from './dom.js';
import { count } from './format.js';

export class FolderTree {
  #load;
  #choose;
  #selected = '';
  /** @type {Map<string, {row: HTMLElement, list: HTMLElement, open: boolean}>} by path */
  #nodes = new Map();

  /**
   * @param {(path: string) => Promise<object[]>} load folders below a path, roots for ''
   * @param {(path: string) => void} choose
   */
  constructor(load, choose) {
    this.#load = load;
    this.#choose = choose;
  }

  /** Looks at all open folders anew. */
  async refresh() {
    await this.#fill(byId('folders'), '');
    byId('folders-empty').hidden = byId('folders').children.length > 0;
    for (const [path, node] of this.#nodes) {
      if (!node.row.isConnected) this.#nodes.delete(path);
      else if (node.open) await this.#fill(node.list, path);
    }
  }

  /** @param {string} path the folder that is looked at; '' for none */
  select(path) {
    this.#selected = path;
    for (const [each, node] of this.#nodes) this.#mark(each, node);
  }

  async #fill(list, path) {
    const folders = await this.#load(path);
    arrange(list, folders.map((folder) => this.#row(folder)));
  }

  #row(folder) {
    let node = this.#nodes.get(folder.path);
    if (!node) {
      node = this.#make(folder);
      this.#nodes.set(folder.path, node);
    }
    setText(node.row.querySelector('.tree-count'), count(folder.files));
    this.#mark(folder.path, node);
    return node.row;
  }

  #make(folder) {
    const list = h('ul', { hidden: true });
    const opener = h('button', { type: 'button', class: 'tree-open', 'aria-expanded': 'false',
      'aria-label': `Folders in ${folder.name}` }, '▸');
    const choose = h('button', { type: 'button', class: 'tree-name', title: folder.path },
      h('span', {}, folder.name), h('span', { class: 'tree-count' }));
    const node = { row: h('li', {}, h('div', { class: 'tree-row' }, opener, choose), list), list, open: false };
    opener.addEventListener('click', async () => {
      node.open = !node.open;
      opener.setAttribute('aria-expanded', String(node.open));
      opener.textContent = node.open ? '▾' : '▸';
      list.hidden = !node.open;
      if (!node.open) return;
      await this.#fill(list, folder.path);
      // Only now is it known that nothing lies below.
      opener.hidden = list.children.length === 0;
    });
    choose.addEventListener('click', () => this.#choose(folder.path));
    return node;
  }

  #mark(path, node) {
    setAttribute(node.row.querySelector('.tree-name'), 'aria-current', path === this.#selected ? 'true' : null);
  }
}
