/** How many events come a second: a number, and the last minute as a line. */

import { byId, setText } from './dom.js';
import { count } from './format.js';

const SECONDS = 60;
const HEIGHT = 16;

export class PulseView {
  #seconds = new Array(SECONDS).fill(0);
  #current = 0;

  /** @param {number} events that came */
  add(events) {
    this.#current += events;
  }

  /** Once a second: closes the second and draws. */
  tick() {
    this.#seconds = [...this.#seconds.slice(1), this.#current];
    this.#current = 0;
    setText(byId('rate'), count(this.#seconds.at(-1)));
    const top = Math.max(...this.#seconds, 4);
    const height = (value) => (HEIGHT - 1 - (value / top) * (HEIGHT - 2)).toFixed(1);
    const points = this.#seconds.map((value, second) => `${second} ${height(value)}`);
    byId('pulse').firstElementChild.setAttribute('d', `M${points.join('L')}`);
  }
}
