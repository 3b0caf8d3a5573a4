/** What narrows the search besides the form, each with a button that takes it away. */

import { byId, h } from './dom.js';

export class FilterList {
  #change;
  #shown = '[]';

  /** @param {(change: object) => void} change gets the part of the query that is to be different */
  constructor(change) {
    this.#change = change;
  }

  /** @param {import('../state/query.js').Query} query @param {{id: number, name: string}[]} tags those that are known */
  show(query, tags) {
    const said = JSON.stringify([query.folder, query.tags, query.tags.map((id) => nameOf(id, tags))]);
    // Made anew, a button that has the focus would lose it.
    if (said === this.#shown) return;
    this.#shown = said;
    const chips = [];
    if (query.folder) chips.push(this.#chip(query.folder, `folder ${query.folder}`, { folder: '' }));
    for (const id of query.tags) {
      const name = nameOf(id, tags);
      chips.push(this.#chip(name, `tag ${name}`, { tags: query.tags.filter((other) => other !== id) }));
    }
    byId('filters').replaceChildren(...chips);
  }

  #chip(text, name, change) {
    const button = h('button', { type: 'button', class: 'chip', 'aria-label': `Remove ${name}` },
      h('span', {}, text), h('span', { 'aria-hidden': 'true' }, '×'));
    button.addEventListener('click', () => this.#change(change));
    return h('li', {}, button);
  }
}

function nameOf(id, tags) {
  return tags.find((tag) => tag.id === id)?.name ?? `tag ${id}`;
}
