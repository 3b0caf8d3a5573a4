/** The model that is open, at the side; on a phone over everything else. */

import { fileTitleOf, samplesOf } from '../state/model-fields.js';
import { titleOf } from '../state/models.js';
import { byId, h, setText } from './dom.js';
import { count, size } from './format.js';
import { ModelForm } from './model-form.js';
import { ModelSamples } from './model-samples.js';
import { ModelTags } from './model-tags.js';

const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

export class ModelPanel {
  #tags;
  #samples;
  #narrow = matchMedia('(max-width: 859px)');

  /**
   * @param {{save: Function, addTag: Function, removeTag: Function, upload: Function, removeSample: Function,
   *   close: () => void}} actions as ModelForm, ModelTags and ModelSamples want them
   */
  constructor(actions) {
    this.form = new ModelForm(actions.save);
    this.#tags = new ModelTags({ add: actions.addTag, remove: actions.removeTag });
    this.#samples = new ModelSamples({ upload: actions.upload, remove: actions.removeSample });
    byId('model-close').addEventListener('click', actions.close);
    byId('model').addEventListener('keydown', (event) => {
      if (event.key === 'Escape') actions.close();
    });
    this.#narrow.addEventListener('change', () => this.#cover());
    this.allow(false);
  }

  get isOpen() {
    return !byId('model').hidden;
  }

  /**
   * @param {object} record @param {string[]} types that can be chosen @param {number} version of the pictures
   */
  show(record, types, version) {
    const title = titleOf(record);
    setText(byId('model-title'), title);
    this.fail(null);
    this.#tags.show(record.tags ?? []);
    this.#samples.show(record.sha256, title, samplesOf(record), version);
    this.form.show(record, types);
    this.#facts(record);
    const opened = byId('model').hidden;
    byId('model').hidden = false;
    this.#cover();
    if (opened) byId('model').scrollTop = 0;
    if (opened && this.#narrow.matches) byId('model-title').focus();
  }

  hide() {
    byId('model').hidden = true;
    this.#cover();
  }

  /** @param {string|null} words what went wrong with it */
  fail(words) {
    byId('model-failure').hidden = words === null;
    setText(byId('model-failure'), words ?? '');
  }

  /** @param {{id: number, name: string}[]} tags all that there are */
  offerTags(tags) {
    this.#tags.offer(tags);
  }

  /** @param {boolean} allowed whether this role may change anything */
  allow(allowed) {
    this.form.allow(allowed);
    this.#tags.allow(allowed);
    this.#samples.allow(allowed);
  }

  #facts(record) {
    const facts = [
      ['Title', fileTitleOf(record)],
      ['Path', record.path],
      ['Size', record.size_bytes ? `${size(record.size_bytes)} (${count(record.size_bytes)} bytes)` : null],
      ['Added', record.created_at ? MOMENT.format(record.created_at) : null],
      ['SHA-256', record.sha256],
    ].filter(([, value]) => value);
    byId('model-facts').replaceChildren(...facts.map(([key, value]) => h('div', {}, h('dt', {}, key), h('dd', {}, value))));
  }

  /** What lies under the panel on a phone is out of reach for keyboard and screen reader too. */
  #cover() {
    const covered = this.isOpen && this.#narrow.matches;
    for (const id of ['masthead', 'shelves', 'side', 'models']) byId(id).inert = covered;
  }
}
