/** The model that is open: read, changed, its tags and pictures; one change after the other. */

import { changeModel, readModel, removeSample, tagCalled, uploadSample } from '../protocol/gallery.js';
import { patchOf } from '../state/model-fields.js';
import { confirmed } from '../views/confirm.js';
import { ModelPanel } from '../views/model-panel.js';

export class OpenModel {
  #host;
  #panel;
  #hash = null;
  #record = null;
  #last = Promise.resolve();

  /**
   * @param {object} host
   * @param {() => string[]} host.types that can be chosen
   * @param {(hash: string) => number} host.version of a model's pictures
   * @param {(record: object) => void} host.noticed so it is now
   * @param {() => void} host.changed the lists may show it otherwise now
   * @param {() => void} host.close
   */
  constructor(host) {
    this.#host = host;
    this.#panel = new ModelPanel({
      save: (changed) => this.#change((record) => patchOf(record, changed)),
      addTag: (name) => this.#try('not added', () => this.#addTag(name)),
      removeTag: (tag) => this.#try('not removed', () => this.#change((record) =>
        ({ tags: idsOf(record).filter((id) => id !== tag.id) }))),
      upload: (hash, picture) => this.#pictures(() => uploadSample(hash, picture)),
      removeSample: (hash, number) => this.#pictures(() => removeSample(hash, number)),
      close: () => host.close(),
    });
  }

  /** @returns {Promise<boolean>} whether it may be left: what was written and not saved is asked about */
  async mayLeave() {
    if (!this.#panel.isOpen || !this.#panel.form.isEdited) return true;
    const wanted = await confirmed({
      title: 'Leave without saving?', text: 'What you wrote about this model is not saved.', yes: 'Leave',
    });
    if (wanted) this.#panel.form.revert();
    return wanted;
  }

  /** @param {string|null} hash of the model to be shown; null for none @returns {Promise<string|null>} why it is not */
  async open(hash) {
    if (hash === this.#hash && this.#record) return null;
    if (hash !== this.#hash) this.#record = null;
    this.#hash = hash;
    if (!this.#record) this.#panel.hide();
    return this.refresh();
  }

  /** Reads it again. A field that is being edited stays. @returns {Promise<string|null>} why nothing of it is shown */
  async refresh() {
    const hash = this.#hash;
    if (hash === null) return null;
    try {
      this.#show(hash, await readModel(hash));
      return null;
    } catch (error) {
      if (hash !== this.#hash) return null;
      if (!this.#record) return error.message;
      this.#panel.fail(error.message);
      return null;
    }
  }

  /** @param {boolean} allowed whether this role may change anything */
  allow(allowed) {
    this.#panel.allow(allowed);
  }

  /** @param {{id: number, name: string}[]} tags all that there are */
  offerTags(tags) {
    this.#panel.offerTags(tags);
  }

  async #addTag(name) {
    const tag = await tagCalled(name);
    if (!tag) throw new Error('The server knows no such tag.');
    await this.#change((record) => ({ tags: [...new Set([...idsOf(record), tag.id])] }));
  }

  /** Two changes at once would each undo what the other has not seen. */
  #change(make) {
    const hash = this.#hash;
    const change = this.#last.then(async () => {
      this.#show(hash, await changeModel(hash, make));
      this.#host.changed();
    });
    this.#last = change.catch(() => {});
    return change;
  }

  async #pictures(change) {
    await change();
    this.#host.changed();
    await this.refresh();
  }

  async #try(what, run) {
    try {
      await run();
    } catch (error) {
      this.#panel.fail(`The tag was ${what}: ${error.message}`);
    }
  }

  #show(hash, record) {
    if (hash !== this.#hash) return;
    this.#record = record;
    this.#host.noticed(record);
    this.#panel.show(record, this.#host.types(), this.#host.version(hash));
  }
}

function idsOf(record) {
  return (record.tags ?? []).map((tag) => tag.id);
}
