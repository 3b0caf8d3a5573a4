/** The tags of the library: people's first, then those that the files brought, the most used first. */

import { arrange, byId, h, setAttribute, setText } from './dom.js';
import { count } from './format.js';

/** How many are shown at once; the field above finds the others. */
const SHOWN = 60;

export class TagList {
  #choose;
  #tags = [];
  #selected = new Set();
  /** @type {Map<number, HTMLElement>} */
  #elements = new Map();

  /** @param {(id: number) => void} choose */
  constructor(choose) {
    this.#choose = choose;
    byId('tags-filter').addEventListener('input', () => this.#draw());
  }

  /** @param {{id: number, name: string, type?: string, count: number}[]} tags `type`: who made it, where that is known */
  update(tags) {
    this.#tags = [...tags].sort((a, b) => rank(a) - rank(b) || b.count - a.count || a.id - b.id);
    this.#draw();
  }

  /** @param {number[]} ids */
  select(ids) {
    this.#selected = new Set(ids);
    this.#draw();
  }

  #draw() {
    const wanted = byId('tags-filter').value.trim().toLowerCase();
    const matching = this.#tags.filter((tag) => !wanted || tag.name.toLowerCase().includes(wanted));
    const shown = matching.slice(0, SHOWN);
    arrange(byId('tags'), shown.map((tag) => this.#element(tag)));
    byId('tags-empty').hidden = shown.length > 0;
  }

  #element(tag) {
    let element = this.#elements.get(tag.id);
    if (!element) {
      const button = h('button', { type: 'button', class: 'tag', 'data-type': tag.type },
        h('span', { class: 'tag-name' }), h('span', { class: 'tag-count' }));
      button.addEventListener('click', () => this.#choose(tag.id));
      element = h('li', {}, button);
      this.#elements.set(tag.id, element);
    }
    const button = element.firstElementChild;
    setAttribute(button, 'title', tag.type ?? null);
    setText(element.querySelector('.tag-name'), tag.name);
    setText(element.querySelector('.tag-count'), tag.count ? count(tag.count) : '');
    setAttribute(button, 'aria-pressed', this.#selected.has(tag.id) ? 'true' : 'false');
    return element;
  }
}

function rank(tag) {
  return tag.type === 'custom' ? 0 : tag.type === 'pos' ? 2 : 1;
}
