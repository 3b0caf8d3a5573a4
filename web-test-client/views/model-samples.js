/** The sample pictures of a model: shown, added by button or drop, deleted. */

import { samplePath } from '../protocol/gallery.js';
import { confirmed } from './confirm.js';
import { byId, h, setText } from './dom.js';
import { SampleDialog } from './sample-dialog.js';

export class ModelSamples {
  #actions;
  #dialog = new SampleDialog();
  #hash = null;
  #count = 0;
  #version = 0;
  /** Not known at first, so that either answer shows. */
  #allowed = null;

  /**
   * @param {{upload: (hash: string, picture: File) => Promise<void>,
   *   remove: (hash: string, number: number) => Promise<void>}} actions they reject with an error to be shown
   */
  constructor(actions) {
    this.#actions = actions;
    const file = byId('sample-file');
    byId('sample-add').addEventListener('click', () => file.click());
    file.addEventListener('change', () => {
      const pictures = [...file.files];
      file.value = '';
      this.#upload(pictures);
    });
    this.#acceptDrops(byId('model'));
  }

  /** @param {string} hash @param {string} title @param {number} count @param {number} version of the pictures */
  show(hash, title, count, version) {
    if (hash !== this.#hash) setText(byId('sample-status'), '');
    const same = hash === this.#hash && count === this.#count && version === this.#version;
    [this.#hash, this.#count, this.#version] = [hash, count, version];
    this.#dialog.update(hash, title, count, version);
    if (!same) this.#draw();
  }

  /** @param {boolean} allowed whether this role may change anything */
  allow(allowed) {
    if (allowed === this.#allowed) return;
    this.#allowed = allowed;
    byId('sample-add').hidden = !allowed;
    this.#draw();
  }

  #draw() {
    const hadFocus = byId('sample-list').contains(document.activeElement);
    const items = Array.from({ length: this.#count }, (_, number) => this.#item(number));
    byId('sample-list').replaceChildren(...items);
    byId('samples-empty').hidden = this.#count > 0;
    setText(byId('samples-empty'), this.#allowed ? 'None yet. Drop some here.' : 'None.');
    // The button that was pressed is gone with its picture.
    if (hadFocus) (byId('sample-list').querySelector('button') ?? byId('sample-add')).focus();
  }

  #item(number) {
    const picture = h('img', { src: samplePath(this.#hash, number, 'low', this.#version), alt: '', loading: 'lazy', decoding: 'async' });
    const open = h('button', { type: 'button', class: 'sample-open', 'aria-label': `Show picture ${number + 1} large` }, picture);
    open.addEventListener('click', () => this.#dialog.open(number));
    if (!this.#allowed) return h('li', {}, open);
    const remove = h('button', { type: 'button', class: 'sample-remove', 'aria-label': `Delete picture ${number + 1}` }, '×');
    remove.addEventListener('click', () => this.#remove(number));
    return h('li', {}, open, remove);
  }

  async #remove(number) {
    const [hash, version] = [this.#hash, this.#version];
    const wanted = await confirmed({
      title: `Delete picture ${number + 1}?`,
      text: 'The pictures after it move up by one. This cannot be undone.',
      yes: 'Delete',
    });
    if (!wanted || hash !== this.#hash) return;
    if (version !== this.#version) {
      this.#say('The pictures have changed meanwhile: look again which one is to go.', 'bad');
      return;
    }
    try {
      await this.#actions.remove(hash, number);
      this.#say(`Picture ${number + 1} is deleted.`, 'ok');
    } catch (error) {
      this.#say(`Not deleted: ${error.message}`, 'bad');
    }
  }

  /** One after the other, so that they come in the order in which they were chosen. */
  async #upload(pictures) {
    const hash = this.#hash;
    const failures = [];
    for (const [place, picture] of pictures.entries()) {
      this.#say(`Adding ${picture.name} (${place + 1} of ${pictures.length})…`, 'ok');
      try {
        await this.#actions.upload(hash, picture);
      } catch (error) {
        failures.push(`${picture.name}: ${error.message}`);
      }
      if (hash !== this.#hash) return;
    }
    const added = pictures.length - failures.length;
    const words = added > 0 ? [`${added} ${added === 1 ? 'picture' : 'pictures'} added.`] : [];
    this.#say([...words, ...failures].join(' '), failures.length > 0 ? 'bad' : 'ok');
  }

  #acceptDrops(target) {
    const holdsFiles = (event) => this.#allowed && event.dataTransfer?.types.includes('Files');
    target.addEventListener('dragover', (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      target.dataset.drop = 'here';
    });
    target.addEventListener('dragleave', (event) => {
      if (!target.contains(event.relatedTarget)) delete target.dataset.drop;
    });
    target.addEventListener('drop', (event) => {
      delete target.dataset.drop;
      if (!holdsFiles(event)) return;
      event.preventDefault();
      this.#upload([...event.dataTransfer.files]);
    });
  }

  #say(text, tone) {
    byId('sample-status').dataset.tone = tone;
    setText(byId('sample-status'), text);
  }
}
