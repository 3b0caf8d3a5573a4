/** One model as a card: its pictures by turns, its name and its tags. */

import { samplePath } from '../protocol/gallery.js';
import { samplesOf } from '../state/model-fields.js';
import { titleOf } from '../state/models.js';
import { h, setAttribute, setText } from './dom.js';
import { size } from './format.js';

/** How long one picture fades into the next, ms; the style sheet says the same. */
const FADE = 700;

export class ModelCard {
  #model = null;
  #version = 0;
  #number = 0;
  #turning = false;
  #picture = h('span', { class: 'card-picture', 'aria-hidden': 'true' });
  #name = h('span', { class: 'card-name' });
  #tags = h('span', { class: 'card-tags' });
  #place = h('span', { class: 'card-place', 'aria-hidden': 'true' });
  button = h('button', { type: 'button', class: 'card', tabindex: -1 }, this.#picture, this.#place, this.#name, this.#tags);
  element = h('li', {}, this.button);
  /** Since when it shows what it shows, ms. */
  since = 0;
  /** Whether it is in view. */
  visible = false;

  /** @param {object} model as a list has it @param {number} version of its pictures @param {number} now ms */
  update(model, version, now) {
    const anew = this.#model === null || this.#version !== version || samplesOf(this.#model) !== samplesOf(model);
    this.#model = model;
    this.#version = version;
    setAttribute(this.button, 'data-model', model.sha256);
    setAttribute(this.button, 'title', [model.path, model.size_bytes ? size(model.size_bytes) : ''].filter(Boolean).join(' · '));
    setText(this.#name, titleOf(model));
    setText(this.#tags, (model.tags ?? []).map((tag) => tag.name).join(', '));
    if (anew) this.#begin(now);
  }

  get pictures() {
    return samplesOf(this.#model);
  }

  /** Shows the next picture, once it is there. @param {number} now ms */
  async turn(now) {
    if (this.#turning || this.pictures < 2) return;
    this.#turning = true;
    const [number, version] = [(this.#number + 1) % this.pictures, this.#version];
    // A lazy picture would be left alone until it is in the page.
    const next = this.#image(number, 'eager');
    try {
      await next.decode();
      if (version === this.#version && number < this.pictures) this.#fadeTo(next, number);
    } catch {
      // A picture that went meanwhile: what is shown stays until the list tells.
    }
    this.since = Math.max(now, this.since);
    this.#turning = false;
  }

  #begin(now) {
    this.#number = 0;
    this.since = now;
    const image = this.pictures > 0 ? this.#image(0, 'lazy') : null;
    image?.addEventListener('error', () => image.replaceWith(this.#nameplate()));
    this.#picture.replaceChildren(image ?? this.#nameplate());
    this.#showPlace();
  }

  #fadeTo(image, number) {
    const [before] = this.#picture.children;
    this.#number = number;
    image.classList.add('coming');
    this.#picture.append(image);
    // Its style must be known once before it changes, or nothing fades.
    image.getBoundingClientRect();
    image.classList.remove('coming');
    setTimeout(() => before.remove(), FADE);
    this.#showPlace();
  }

  #image(number, loading) {
    const path = samplePath(this.#model.sha256, number, 'medium', this.#version);
    return h('img', { src: path, alt: '', 'data-number': number, loading, decoding: 'async', draggable: 'false' });
  }

  #nameplate() {
    return h('span', { class: 'nameplate' }, h('span', { class: 'kind' }, this.#model.type || 'no type'), 'no picture');
  }

  #showPlace() {
    this.#place.hidden = this.pictures < 2;
    setText(this.#place, `${this.#number + 1} / ${this.pictures}`);
  }
}
