/** The tags of a model, to be added and taken away. */

import { byId, h, setText } from './dom.js';

export class ModelTags {
  #remove;
  /** Not known at first, so that either answer shows. */
  #allowed = null;
  #tags = [];

  /** @param {{add: (name: string) => void, remove: (tag: {id: number, name: string}) => void}} actions */
  constructor({ add, remove }) {
    this.#remove = remove;
    byId('tag-form').addEventListener('submit', (event) => {
      event.preventDefault();
      const name = byId('tag-name').value.trim();
      if (!name) return;
      byId('tag-name').value = '';
      add(name);
    });
  }

  /** @param {{id: number, name: string}[]} tags */
  show(tags) {
    this.#tags = tags;
    this.#draw();
  }

  /** @param {{id: number, name: string}[]} tags all that there are, to choose from */
  offer(tags) {
    byId('tag-names').replaceChildren(...tags.map((tag) => h('option', { value: tag.name })));
  }

  /** @param {boolean} allowed whether this role may change anything */
  allow(allowed) {
    if (allowed === this.#allowed) return;
    this.#allowed = allowed;
    byId('tag-form').hidden = !allowed;
    this.#draw();
  }

  #draw() {
    const hadFocus = byId('model-tags').contains(document.activeElement);
    byId('model-tags').replaceChildren(...this.#tags.map((tag) => h('li', {}, this.#chip(tag))));
    // The button that was pressed is gone with its tag.
    if (hadFocus) byId('tag-name').focus();
  }

  #chip(tag) {
    if (!this.#allowed) return h('span', { class: 'chip' }, h('span', {}, tag.name));
    const button = h('button', { type: 'button', class: 'chip', 'aria-label': `Remove tag ${tag.name}` },
      h('span'), h('span', { 'aria-hidden': 'true' }, '×'));
    setText(button.firstElementChild, tag.name);
    button.addEventListener('click', () => this.#remove(tag));
    return button;
  }
}
