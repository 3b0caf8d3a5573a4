/** What was found: tiles that fill up as they come into view. */

import { withToken } from '../protocol/http.js';
import { arrange, byId, h, keepFocus, setText } from './dom.js';
import { size } from './format.js';
import { NearEnd } from './near-end.js';

export class ResultsView {
  #actions;
  #end;
  /** Where the page after those shown begins. */
  #cursor = null;
  /** @type {Map<number, {item: object, element: HTMLElement}>} */
  #tiles = new Map();

  /** @param {{open: (item: object) => void, more: () => void, refresh: () => void}} actions */
  constructor(actions) {
    this.#actions = actions;
    byId('more-button').addEventListener('click', () => actions.more());
    byId('fresh').addEventListener('click', () => actions.refresh());
    this.#end = new NearEnd(byId('more'), () => actions.more());
  }

  /**
   * @param {import('../state/results.js').Results} results
   * @param {import('../state/query.js').Query} query
   */
  update(results, query) {
    const tiles = new Map();
    for (const item of results.items) {
      const old = this.#tiles.get(item.id);
      tiles.set(item.id, old && sameLook(old.item, item) ? old : { item, element: this.#tile(item) });
    }
    this.#tiles = tiles;
    keepFocus(() => arrange(byId('tiles'), [...tiles.values()].map((entry) => entry.element)));
    setText(byId('results-title'), title(query));
    byId('results').setAttribute('aria-busy', String(results.loading));
    byId('more').hidden = results.cursor === null;
    byId('fresh').hidden = !results.fresh;
    byId('tiles-empty').hidden = results.loading || results.failure !== null || results.items.length > 0;
    byId('failure').hidden = results.failure === null;
    setText(byId('failure'), results.failure ?? '');
    // Only when a page came: one that failed is asked for again by a person, not without end by itself.
    if (results.cursor !== this.#cursor) this.#end.lookAgain();
    this.#cursor = results.cursor;
  }

  #tile(item) {
    const button = h('button', { type: 'button', class: 'tile', 'data-item': item.id, title: caption(item) });
    button.addEventListener('click', () => this.#actions.open(this.#tiles.get(item.id)?.item ?? item));
    if (item.thumbnail) {
      const image = h('img', {
        src: withToken(item.thumbnail), alt: item.name, width: 256, height: 256, loading: 'lazy', decoding: 'async',
      });
      // A thumbnail can be gone by the time it is asked for; the name is better than a broken picture.
      image.addEventListener('error', () => image.replaceWith(nameplate(item)));
      button.append(image);
    } else {
      button.append(nameplate(item));
    }
    if (item.tags?.length) button.append(h('span', { class: 'tile-tags' }, item.tags.join(', ')));
    return h('li', {}, button);
  }
}

function sameLook(a, b) {
  return a.thumbnail === b.thumbnail && a.name === b.name && (a.tags ?? []).join() === (b.tags ?? []).join();
}

function title(query) {
  const order = query.sort === 'random' ? 'shuffled' : 'newest first';
  if (query.text) return `Found, ${order}`;
  if (query.folder) return query.folder.split('/').filter(Boolean).pop() ?? query.folder;
  return query.sort === 'random' ? 'Shuffled' : 'Newest';
}

function nameplate(item) {
  const kind = (item.mime ?? item.kind ?? '').replace(/^.*\//, '');
  return h('span', { class: 'nameplate' }, h('span', { class: 'kind' }, kind), item.name);
}

function caption(item) {
  const pixels = item.width && item.height ? ` · ${item.width} × ${item.height}` : '';
  return `${item.name}${pixels} · ${size(item.size)}`;
}
