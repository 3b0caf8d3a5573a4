/** One file large, with all that is known of it; arrows lead through what was found. */

import { withToken } from '../protocol/http.js';
import { byId, h, setText } from './dom.js';
import { size } from './format.js';

const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
/** So near to the end of what was found, more is asked for. */
const NEAR = 5;

export class ItemDialog {
  #more;
  #items = [];
  #item = null;
  /** Where the shown one lies, or lay, among the items. */
  #place = 0;

  /**
   * @param {() => void} more asks for the next page
   * @param {(name: string) => void} chooseTag
   */
  constructor(more, chooseTag) {
    this.#more = more;
    const dialog = byId('item');
    byId('item-close').addEventListener('click', () => dialog.close());
    byId('item-previous').addEventListener('click', () => this.#step(-1));
    byId('item-next').addEventListener('click', () => this.#step(1));
    dialog.addEventListener('close', () => {
      this.#item = null;
      // A video that nobody sees must not go on.
      byId('item-stage').replaceChildren();
    });
    dialog.addEventListener('keydown', (event) => {
      if (event.key === 'ArrowLeft') this.#step(-1);
      if (event.key === 'ArrowRight') this.#step(1);
    });
    byId('item-tags').addEventListener('click', (event) => {
      const name = event.target.closest('[data-tag]')?.dataset.tag;
      if (name === undefined) return;
      dialog.close();
      chooseTag(name);
    });
  }

  /** @param {object} item @param {object[]} items what it was found among */
  open(item, items) {
    this.#items = items;
    this.#show(item);
    if (!byId('item').open) byId('item').showModal();
  }

  /** @param {object[]} items as they are now; the shown one follows */
  update(items) {
    this.#items = items;
    if (!this.#item) return;
    const now = items.find((item) => item.id === this.#item.id);
    if (now && now !== this.#item) {
      if (now.sha256 !== this.#item.sha256) this.#show(now);
      else this.#describe(now);
    }
    this.#showSteps();
  }

  /** @param {{id: number}[]} gone what is not in the library any more; the shown one stays, with a note */
  remove(gone) {
    if (gone.some((item) => item.id === this.#item?.id)) setNote('It was removed from the library.');
  }

  #show(item) {
    setNote('');
    const stage = byId('item-stage');
    stage.replaceChildren(picture(item));
    this.#describe(item);
    this.#showSteps();
  }

  #describe(item) {
    this.#item = item;
    setText(byId('item-title'), item.name);
    const facts = [
      ['Size', size(item.size)],
      ['Pixels', item.width && item.height ? `${item.width} × ${item.height}` : null],
      ['Changed', item.date ? MOMENT.format(item.date * 1000) : null],
      ['Type', item.mime],
      ['Folder', [item.root, item.path.split('/').slice(0, -1).join('/')].filter(Boolean).join('/')],
      ['SHA-256', item.sha256],
    ].filter(([, value]) => value);
    byId('item-facts').replaceChildren(...facts.map(([key, value]) => h('div', {}, h('dt', {}, key), h('dd', {}, value))));
    const tags = item.tags ?? [];
    byId('item-tags').replaceChildren(...tags.map((name) =>
      h('li', {}, h('button', { type: 'button', class: 'tag', 'data-tag': name }, name))));
    byId('item-untagged').hidden = tags.length > 0;
    setText(byId('item-text'), item.text ?? '');
    byId('item-text').hidden = !item.text;
    byId('item-silent').hidden = Boolean(item.text);
  }

  #step(by) {
    const place = this.#neighbour(by);
    const next = this.#items[place];
    if (!next) return;
    if (place > this.#items.length - NEAR) this.#more();
    this.#show(next);
  }

  #showSteps() {
    byId('item-previous').disabled = this.#neighbour(-1) < 0;
    byId('item-next').disabled = this.#neighbour(1) >= this.#items.length;
  }

  /** The place before (-1) or behind (1) the shown one, which may be gone: then the ones that it lay between. */
  #neighbour(by) {
    const place = this.#items.findIndex((item) => item.id === this.#item?.id);
    if (place < 0) return by < 0 ? Math.min(this.#place, this.#items.length) - 1 : this.#place;
    this.#place = place;
    return place + by;
  }
}

/** What is to be known of the shown one besides; empty for nothing. */
function setNote(text) {
  byId('item-note').hidden = text === '';
  setText(byId('item-note'), text);
}

/** The file itself where the browser can show it, otherwise what there is of it. */
function picture(item) {
  if (!item.sha256) return h('p', { class: 'empty' }, 'It is being read and comes in a moment, unless its file is broken.');
  const source = withToken(`/api/contents/${item.sha256}`);
  const [kind] = (item.mime ?? '').split('/');
  if (kind === 'video') return h('video', { src: source, controls: true, preload: 'metadata' });
  if (kind === 'audio') return h('audio', { src: source, controls: true, preload: 'metadata' });
  const image = h('img', { src: source, alt: item.name, decoding: 'async' });
  image.addEventListener('error', () => {
    const replacement = item.thumbnail
      ? h('img', { src: withToken(item.thumbnail), alt: item.name }) : h('p', { class: 'empty' }, 'This browser cannot show it.');
    image.replaceWith(replacement);
  });
  return image;
}
