/** Models that wait and that the gallery has already: side by side, with what can be done about each and about all. */

import { samplePath } from '../protocol/gallery.js';
import { arrange, byId, h, setText } from './dom.js';
import { waitingPicture } from './waiting-row.js';

const DECISIONS = { override: 'Override', merge: 'Merge', ignore: 'Ignore', delete: 'Delete' };

export class ConflictList {
  #decide;
  /** @type {Map<number, HTMLElement>} by id of the one that waits */
  #rows = new Map();
  #conflicts = [];

  /** @param {(ids: number[], strategy: string) => void} decide */
  constructor(decide) {
    this.#decide = decide;
    byId('decisions-all').append(h('span', { class: 'key' }, 'For all'), ...decisions('all conflicts', (strategy) =>
      decide(this.#conflicts.map(({ pending }) => pending.id), strategy)));
  }

  /** @param {object[]} conflicts @param {object[]} waiting the models that wait @param {boolean} busy */
  show(conflicts, waiting, busy) {
    this.#conflicts = conflicts;
    const models = new Map(waiting.map((model) => [model.id, model]));
    const ids = new Set(conflicts.map(({ pending }) => pending.id));
    for (const id of this.#rows.keys()) if (!ids.has(id)) this.#rows.delete(id);
    arrange(byId('conflict-list'), conflicts.map((conflict) => this.#row(conflict, models.get(conflict.pending.id))));
    const one = conflicts.length === 1;
    setText(byId('conflicts-title'), `${conflicts.length} ${one ? 'is' : 'are'} in the gallery already`);
    byId('conflicts').hidden = conflicts.length === 0;
    byId('decisions-all').hidden = conflicts.length < 2;
    for (const button of byId('conflicts').querySelectorAll('button')) button.disabled = busy;
  }

  #row({ pending, existing }, model) {
    let row = this.#rows.get(pending.id);
    if (!row) {
      const name = fileName(pending.path);
      row = h('li', { class: 'conflict', 'data-conflict': pending.id },
        side('New', waitingPicture(model ?? { id: pending.id, image: true }), pending.path),
        side('In the gallery', existingPicture(existing.id), existing.path),
        h('div', { class: 'decisions', role: 'group', 'aria-label': `What to do about ${name}` },
          ...decisions(name, (strategy) => this.#decide([pending.id], strategy))));
      this.#rows.set(pending.id, row);
    }
    return row;
  }
}

function decisions(name, decide) {
  return Object.entries(DECISIONS).map(([strategy, words]) => h('button', {
    type: 'button', class: strategy === 'delete' ? 'button small danger' : 'button small', 'data-strategy': strategy,
    'aria-label': `${words} ${name}`, onclick: () => decide(strategy),
  }, words));
}

function side(words, picture, path) {
  return h('div', { class: 'conflict-side' }, h('span', { class: 'waiting-picture' }, picture),
    h('span', { class: 'waiting-words' }, h('span', { class: 'key' }, words),
      h('span', { class: 'waiting-name' }, fileName(path)), h('span', { class: 'waiting-about' }, path)));
}

function existingPicture(hash) {
  const image = h('img', { src: samplePath(hash, 0, 'low', 0), alt: '', loading: 'lazy', decoding: 'async' });
  image.addEventListener('error', () => image.replaceWith(h('span', { class: 'no-picture', 'aria-hidden': 'true' })));
  return image;
}

function fileName(path) {
  return path.split('/').pop() || path;
}
