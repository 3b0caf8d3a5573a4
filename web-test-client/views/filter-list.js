/** What narrows the search besides the form, each with a button that takes it away. */

import { byId, h } from './dom.js';

export class FilterList {
  #change;

  /** @param {(change: object) => void} change gets the part of the query that is to be different */
  constructor(change) {
    this.#change = change;
  }

  /** @param {import('../state/query.js').Query} query @param {{id: number, name: string}[]} tags those that are known */
  show(query, tags) {
    const chips = [];
    if (query.folder) chips.push(this.#chip(query.folder, `folder ${query.folder}`, { folder: '' }));
    for (const id of query.tags) {
      const name = tags.find((tag) => tag.id === id)?.name ?? `tag ${id}`;
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
