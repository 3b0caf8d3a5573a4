/** What is known of a model, to be read and edited. What others change shows in every field that is not being edited. */

import { FIELDS, fieldsOf, linksIn } from '../state/model-fields.js';
import { byId, h, setText } from './dom.js';

export class ModelForm {
  #hash = null;
  /** What each field says on the server. */
  #known = {};
  #busy = false;

  /** @param {(changed: Object<string, string>) => Promise<void>} save rejects with an error to be shown */
  constructor(save) {
    byId('fields').addEventListener('submit', async (event) => {
      event.preventDefault();
      await this.#save(save);
    });
    byId('fields').addEventListener('input', () => {
      setText(byId('save-status'), '');
      this.#follow();
    });
    byId('revert').addEventListener('click', () => this.revert());
    window.addEventListener('beforeunload', (event) => {
      if (this.isEdited) event.preventDefault();
    });
  }

  /** Whether something was written that is not saved. */
  get isEdited() {
    return Object.keys(this.#changed()).length > 0;
  }

  /** @param {object} record @param {string[]} types that can be chosen */
  show(record, types) {
    const anew = record.sha256 !== this.#hash;
    const edited = anew ? {} : this.#changed();
    this.#hash = record.sha256;
    this.#known = fieldsOf(record);
    this.#offer(types);
    for (const name of FIELDS) if (!(name in edited)) field(name).value = this.#known[name];
    if (anew) setText(byId('save-status'), '');
    this.#follow();
  }

  /** @param {boolean} allowed whether this role may change anything */
  allow(allowed) {
    for (const name of FIELDS) {
      if (name === 'type') field(name).disabled = !allowed;
      else field(name).readOnly = !allowed;
    }
    byId('field-actions').hidden = !allowed;
  }

  /** Forgets what was written. */
  revert() {
    for (const name of FIELDS) field(name).value = this.#known[name] ?? '';
    setText(byId('save-status'), '');
    this.#follow();
  }

  async #save(save) {
    const [hash, changed] = [this.#hash, this.#changed()];
    if (this.#busy || Object.keys(changed).length === 0) return;
    this.#busy = true;
    setText(byId('save-status'), 'Saving…');
    this.#follow();
    let words = 'Saved.';
    try {
      await save(changed);
      if (hash === this.#hash) this.#settle(changed);
    } catch (error) {
      words = `Not saved: ${error.message}`;
    }
    this.#busy = false;
    if (hash === this.#hash) setText(byId('save-status'), words);
    this.#follow();
  }

  /** Shows what was made of what was saved, where nobody has written on meanwhile. */
  #settle(saved) {
    for (const [name, text] of Object.entries(saved)) {
      if (field(name).value === text) field(name).value = this.#known[name];
    }
  }

  #changed() {
    if (this.#hash === null) return {};
    const pairs = FIELDS.map((name) => [name, field(name).value]);
    return Object.fromEntries(pairs.filter(([name, value]) => value !== normal(this.#known[name])));
  }

  #offer(types) {
    const select = field('type');
    const all = [...new Set(['', ...types, this.#known.type, select.value])];
    if (all.join('\n') === [...select.options].map((option) => option.value).join('\n')) return;
    const chosen = select.value;
    select.replaceChildren(...all.map((type) => h('option', { value: type }, type || 'none')));
    select.value = chosen;
  }

  #follow() {
    const edited = this.isEdited;
    byId('save').disabled = !edited || this.#busy;
    byId('revert').disabled = !edited || this.#busy;
    const links = linksIn(field('links').value);
    byId('links').replaceChildren(...links.map((link) =>
      h('li', {}, h('a', { href: link, target: '_blank', rel: 'noopener noreferrer' }, link))));
  }
}

function field(name) {
  return byId(`field-${name}`);
}

/** A field of the page knows no carriage returns, and a line none at all. */
function normal(text = '') {
  return text.replace(/\r\n?/g, '\n');
}
