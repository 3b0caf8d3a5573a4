/** A sample picture large; arrows lead to the others. */

import { samplePath } from '../protocol/gallery.js';
import { byId, h, setText } from './dom.js';

export class SampleDialog {
  #hash = null;
  #title = '';
  #count = 0;
  #version = 0;
  #number = 0;

  constructor() {
    const dialog = byId('sample');
    byId('sample-close').addEventListener('click', () => dialog.close());
    byId('sample-previous').addEventListener('click', () => this.#step(-1));
    byId('sample-next').addEventListener('click', () => this.#step(1));
    dialog.addEventListener('close', () => byId('sample-stage').replaceChildren());
    dialog.addEventListener('keydown', (event) => {
      if (event.key === 'ArrowLeft') this.#step(-1);
      if (event.key === 'ArrowRight') this.#step(1);
    });
  }

  /** @param {number} number of the picture */
  open(number) {
    this.#number = number;
    this.#show();
    byId('sample').showModal();
  }

  /** @param {string} hash @param {string} title @param {number} count @param {number} version as they are now */
  update(hash, title, count, version) {
    const same = hash === this.#hash && count === this.#count && version === this.#version;
    [this.#hash, this.#title, this.#count, this.#version] = [hash, title, count, version];
    if (!byId('sample').open || same) return;
    if (count === 0) byId('sample').close();
    else this.#show();
  }

  #step(by) {
    const next = this.#number + by;
    if (next < 0 || next >= this.#count) return;
    this.#number = next;
    this.#show();
  }

  #show() {
    this.#number = Math.min(this.#number, this.#count - 1);
    const words = `${this.#title}, picture ${this.#number + 1} of ${this.#count}`;
    setText(byId('sample-title'), words);
    byId('sample-stage').replaceChildren(h('img', { src: samplePath(this.#hash, this.#number, 'high', this.#version), alt: words }));
    byId('sample-previous').disabled = this.#number === 0;
    byId('sample-next').disabled = this.#number === this.#count - 1;
  }
}
