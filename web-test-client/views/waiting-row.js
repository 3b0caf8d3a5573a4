/** One model that waits for its import: its picture, its name, and on demand all that is known of it. */

import { readWaiting, waitingPicturePath } from '../protocol/gallery.js';
import { fieldsOf, fileTitleOf } from '../state/model-fields.js';
import { titleOf } from '../state/models.js';
import { h, setAttribute, setText } from './dom.js';
import { size } from './format.js';

const KNOWN = [
  ['Title', 'title'],
  ['Base model', 'base'], ['Trigger words', 'trigger'], ['Description', 'description'], ['Links', 'links'],
  ['Prompt', 'positive'], ['Negative prompt', 'negative'],
];

export class WaitingRow {
  #model = null;
  #told = false;
  #picture = h('span', { class: 'waiting-picture' });
  #name = h('span', { class: 'waiting-name' });
  #about = h('span', { class: 'waiting-about' });
  #facts = h('dl', { class: 'facts' });
  #details = h('details', {}, h('summary', {}, 'Details'), this.#facts);
  box = h('input', { type: 'checkbox' });
  element = h('li', { class: 'waiting-row' },
    h('label', { class: 'waiting-choice' }, this.box, this.#picture, h('span', { class: 'waiting-words' }, this.#name, this.#about)),
    this.#details);

  /** @param {(chosen: boolean) => void} choose */
  constructor(choose) {
    this.box.addEventListener('change', () => choose(this.box.checked));
    this.#details.addEventListener('toggle', () => this.#tell());
  }

  /** @param {object} model @param {boolean} chosen @param {boolean} allowed whether it may be chosen */
  update(model, chosen, allowed) {
    if (this.#model?.id !== model.id || this.#model.image !== model.image) {
      this.#picture.replaceChildren(waitingPicture(model));
    }
    this.#model = model;
    setAttribute(this.element, 'data-waiting', model.id);
    setText(this.#name, titleOf(model));
    const tags = (model.tags ?? []).map((tag) => tag.name);
    setText(this.#about, [fileTitleOf(model), model.type || 'no type', model.size_bytes ? size(model.size_bytes) : '', ...tags].filter(Boolean).join(' · '));
    this.box.checked = chosen;
    this.box.disabled = !allowed;
  }

  async #tell() {
    if (!this.#details.open || this.#told) return;
    this.#told = true;
    try {
      this.#facts.replaceChildren(...factsOf(await readWaiting(this.#model.id)));
    } catch (error) {
      this.#told = false;
      this.#facts.replaceChildren(h('div', {}, h('dt', {}, 'Error'), h('dd', {}, error.message)));
    }
  }
}

/** @param {{id: number, image?: string|null}} model @returns {HTMLElement} its picture, or a place for it */
export function waitingPicture(model) {
  if (!model.image) return h('span', { class: 'no-picture', 'aria-hidden': 'true' });
  const image = h('img', { src: waitingPicturePath(model.id), alt: '', loading: 'lazy', decoding: 'async' });
  image.addEventListener('error', () => image.replaceWith(h('span', { class: 'no-picture', 'aria-hidden': 'true' })));
  return image;
}

function factsOf(record) {
  const fields = { ...fieldsOf(record), title: fileTitleOf(record) };
  const facts = [['Path', record.path], ...KNOWN.map(([words, name]) => [words, fields[name]]), ['SHA-256', record.sha256]];
  return facts.filter(([, value]) => value).map(([key, value]) => h('div', {}, h('dt', {}, key), h('dd', {}, value)));
}
