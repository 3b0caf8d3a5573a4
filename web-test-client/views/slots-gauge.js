/** How many of a worker's slots are taken: a small bar with a mark between slots, and the figures. */

import { count } from './format.js';
import { h, setAttribute, setText } from './dom.js';

/** More slots than this are one bar: the marks would be all there is to see. */
const MARKED = 16;

export class SlotsGauge {
  #bar = h('span', { class: 'gauge-bar', role: 'meter', 'aria-valuemin': 0 });
  #text = h('span', { class: 'gauge-text' });
  element = h('span', { class: 'gauge' }, this.#bar, this.#text);

  /**
   * @param {string} name whose, for screen readers
   * @param {number} busy
   * @param {number|null} slots null: it does not say how many, so only what it does is told
   */
  update(name, busy, slots) {
    this.#bar.hidden = !slots;
    setText(this.#text, slots === null ? `${count(busy)} running` : slots === 0 ? 'no slots' : `${count(busy)} / ${count(slots)}`);
    if (!slots) return;
    // Where leases have ended and the worker still works, it can be busier than it has slots.
    const shown = Math.min(busy, slots);
    setAttribute(this.#bar, 'aria-label', `Slots of ${name}`);
    setAttribute(this.#bar, 'aria-valuemax', slots);
    setAttribute(this.#bar, 'aria-valuenow', shown);
    setAttribute(this.#bar, 'aria-valuetext', `${count(busy)} of ${count(slots)} busy`);
    this.#bar.style.setProperty('--share', shown / slots);
    this.#bar.style.setProperty('--slots', slots <= MARKED ? slots : 1);
  }
}
