/** The folders below the one that is looked at, each with its newest pictures as a cover. */

import { withToken } from '../protocol/http.js';
import { byId, h } from './dom.js';
import { count } from './format.js';

export class FolderCards {
  #choose;

  /** @param {(path: string) => void} choose */
  constructor(choose) {
    this.#choose = choose;
  }

  /** @param {{path: string, name: string, files: number, newest?: object[]}[]} folders */
  show(folders) {
    byId('folder-cards').replaceChildren(...folders.map((folder) => {
      const covers = (folder.newest ?? []).filter((cover) => cover.thumbnail).slice(0, 4).map((cover) =>
        h('img', { src: withToken(cover.thumbnail), alt: '', width: 128, height: 128, loading: 'lazy', decoding: 'async' }));
      const button = h('button', { type: 'button', class: 'folder-card' },
        h('span', { class: 'covers', 'data-count': covers.length, 'aria-hidden': 'true' }, ...covers),
        h('span', { class: 'folder-name' }, folder.name),
        h('span', { class: 'folder-count' }, `${count(folder.files)} ${folder.files === 1 ? 'file' : 'files'}`));
      button.addEventListener('click', () => this.#choose(folder.path));
      return h('li', {}, button);
    }));
  }
}
