/** The types of models as tabs, and those that wait as the last one. */

import { arrange, byId, h, keepFocus, setAttribute, setText } from './dom.js';
import { count } from './format.js';

const KEYS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

export class TypeTabs {
  #choose;
  /** @type {Map<string, HTMLElement>} by what they choose */
  #tabs = new Map();

  /** @param {(choice: {type: string}|{waiting: true}) => void} choose */
  constructor(choose) {
    this.#choose = choose;
    byId('types').addEventListener('keydown', (event) => this.#step(event));
  }

  /**
   * @param {string[]} types @param {import('../state/shelf.js').Shelf} shelf
   * @param {number|null} waiting how many wait; null: not known yet
   */
  show(types, shelf, waiting) {
    const shown = [...types.map((type) => this.#tab(`type:${type}`, { type })), this.#tab('waiting', { waiting: true })];
    keepFocus(() => arrange(byId('types'), shown));
    types.forEach((type, place) => setText(shown[place].firstElementChild, type));
    const last = shown.at(-1);
    setText(last.firstElementChild, 'Waiting');
    setText(last.lastElementChild, waiting === null ? '' : count(waiting));
    setAttribute(last, 'data-some', waiting > 0);
    this.#select(shelf.waiting ? 'waiting' : `type:${shelf.type}`);
  }

  #tab(key, choice) {
    let tab = this.#tabs.get(key);
    if (!tab) {
      tab = h('button', {
        type: 'button', role: 'tab', class: 'type', id: `tab-${this.#tabs.size}`, 'data-tab': key, tabindex: -1,
        'aria-controls': choice.waiting ? 'waiting-panel' : 'models-panel',
      }, h('span'), h('span', { class: 'type-count' }));
      tab.addEventListener('click', () => this.#choose(choice));
      this.#tabs.set(key, tab);
    }
    return tab;
  }

  #select(selected) {
    for (const [key, tab] of this.#tabs) {
      setAttribute(tab, 'aria-selected', key === selected);
      setAttribute(tab, 'tabindex', key === selected ? 0 : -1);
      if (key === selected) byId(tab.getAttribute('aria-controls')).setAttribute('aria-labelledby', tab.id);
    }
    // Before anything is chosen there must be a way in.
    if (!this.#tabs.has(selected)) setAttribute(byId('types').firstElementChild, 'tabindex', 0);
  }

  #step(event) {
    const by = KEYS[event.key];
    if (by === undefined) return;
    const tabs = [...byId('types').children];
    const place = tabs.indexOf(document.activeElement);
    const next = Number.isFinite(by) ? (place + by + tabs.length) % tabs.length : by < 0 ? 0 : tabs.length - 1;
    event.preventDefault();
    tabs[next].focus();
    tabs[next].click();
  }
}
