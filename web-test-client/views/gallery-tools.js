/** The row at the top: what is looked for, whether pictures take turns, and the scan of the folders. */

import { byId, setAttribute, setText } from './dom.js';

const HELD = 'vitrine.hold-pictures';

export class GalleryTools {
  #hold;

  /**
   * @param {{search: (text: string) => void, clear: () => void, scan: () => void, hold: (held: boolean) => void}} actions
   *   `hold`: the pictures are to stay as they are, or may change again; told at once as the tab remembers it
   */
  constructor({ search, clear, scan, hold }) {
    this.#hold = hold;
    byId('search').addEventListener('submit', (event) => event.preventDefault());
    for (const kind of ['input', 'change']) byId('search-text').addEventListener(kind, (event) => search(event.target.value));
    byId('search-clear').addEventListener('click', clear);
    byId('scan').addEventListener('click', scan);
    byId('still').addEventListener('click', () => this.#keep(!this.#isHeld));
    this.#keep(this.#isHeld);
  }

  /** @param {string} text what is looked for @param {{allowed: boolean, scanning: boolean}} context of the scan */
  show(text, { allowed, scanning }) {
    if (byId('search-text').value !== text) byId('search-text').value = text;
    byId('scan').hidden = !allowed;
    byId('scan').disabled = scanning;
    setText(byId('scan'), scanning ? 'Scanning…' : 'Scan folders');
  }

  get #isHeld() {
    return sessionStorage.getItem(HELD) === '1';
  }

  #keep(held) {
    sessionStorage.setItem(HELD, held ? '1' : '');
    setAttribute(byId('still'), 'aria-pressed', held);
    this.#hold(held);
  }
}
