/** Counts of the library and its newest pictures. Every place is there from the start: nothing jumps. */

import { withToken } from '../protocol/http.js';
import { arrange, byId, h, setText } from './dom.js';
import { count, size } from './format.js';

const PLACES = 24;

export class LibraryView {
  /** @type {Map<number, {item: object, element: HTMLElement}>} */
  #pictures = new Map();
  #empty = Array.from({ length: PLACES }, () => h('li', { class: 'place', 'aria-hidden': 'true' }));

  /** @param {import('../state/library.js').Library} library */
  update(library) {
    setText(byId('count-contents'), library.known ? count(library.counts.contents) : '–');
    setText(byId('count-files'), library.known ? count(library.counts.files) : '–');
    setText(byId('count-bytes'), library.known ? size(library.counts.bytes) : '–');
    const pictures = new Map();
    for (const item of library.newest) {
      const old = this.#pictures.get(item.id);
      pictures.set(item.id, old && sameLook(old.item, item) ? old : { item, element: picture(item) });
    }
    this.#pictures = pictures;
    const elements = [...pictures.values()].map((entry) => entry.element);
    arrange(byId('newest'), [...elements, ...this.#empty.slice(elements.length)]);
  }

  /** @param {{id: any, name?: string, path: string, files?: number}[]|null} roots null: this server does not tell */
  showRoots(roots) {
    byId('roots-section').hidden = !roots || roots.length === 0;
    byId('roots').replaceChildren(...(roots ?? []).map((root) =>
      h('li', {}, h('span', { class: 'root-name' }, root.name || root.path),
        h('code', {}, root.path), h('span', { class: 'root-files' }, `${count(root.files)} files`))));
  }
}

function sameLook(a, b) {
  return a.thumbnail === b.thumbnail && a.name === b.name && a.sha256 === b.sha256;
}

function picture(item) {
  const element = h('li', { class: 'place filled', 'data-item': item.id, title: caption(item) });
  if (item.thumbnail) {
    const image = h('img', {
      src: withToken(item.thumbnail), alt: item.name, width: 256, height: 256, loading: 'lazy', decoding: 'async',
    });
    // A thumbnail can be gone by the time it is asked for; the name is better than a broken picture.
    image.addEventListener('error', () => image.replaceWith(nameplate(item)));
    element.append(image);
  } else {
    element.append(nameplate(item));
  }
  return element;
}

function nameplate(item) {
  const kind = (item.mime ?? '').replace(/^.*\//, '');
  return h('span', { class: 'nameplate' }, h('span', { class: 'kind' }, kind), item.name);
}

function caption(item) {
  const pixels = item.width && item.height ? ` · ${item.width} × ${item.height}` : '';
  return `${item.name}${pixels} · ${size(item.size)}`;
}
