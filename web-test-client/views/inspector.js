/** The event inspector: what came over the socket, filtered, newest first. */

import {
  clear, familyOf, initialInspector, KEPT, pretty, record, setPaused, visibleEntries,
} from '../state/inspector.js';
import { arrange, byId, h, setAttribute, setText } from './dom.js';
import { clock, count, shortId } from './format.js';

/** Rows shown at once; the filter looks at all that is kept. */
const ROWS = 150;

export class InspectorView {
  #state = initialInspector();
  #filter = { text: '', family: '' };
  /** @type {Map<number, Element>} rows by the number of their message */
  #rows = new Map();

  /** @param {() => void} drop cuts the connection */
  constructor(drop) {
    byId('filter-text').addEventListener('input', (event) => this.#setFilter({ text: event.target.value }));
    byId('filter-family').addEventListener('change', (event) => this.#setFilter({ family: event.target.value }));
    byId('pause').addEventListener('click', () => this.#togglePause());
    byId('clear').addEventListener('click', () => {
      this.#state = clear(this.#state);
      this.#render();
    });
    byId('drop').addEventListener('click', drop);
    this.#render();
  }

  /** @param {import('../state/inspector.js').Entry[]} entries */
  record(entries) {
    this.#state = record(this.#state, entries);
    this.#render();
  }

  /** @param {import('../protocol/types.js').Status} status */
  updateStatus(status) {
    setText(byId('epoch'), status.epoch ?? '–');
    setText(byId('offset'), status.offset === null ? '–' : count(status.offset));
    setAttribute(byId('offset'), 'data-offset', status.offset);
    byId('drop').disabled = status.phase !== 'live' && status.phase !== 'syncing';
  }

  #setFilter(change) {
    this.#filter = { ...this.#filter, ...change };
    this.#render();
  }

  #togglePause() {
    const paused = this.#state.frozen === null;
    this.#state = setPaused(this.#state, paused);
    setAttribute(byId('pause'), 'aria-pressed', paused);
    this.#render();
  }

  #render() {
    const visible = visibleEntries(this.#state, this.#filter);
    const rows = new Map();
    for (const entry of visible.slice(0, ROWS)) {
      rows.set(entry.number, this.#rows.get(entry.number) ?? entryRow(entry));
    }
    this.#rows = rows;
    arrange(byId('entries'), [...rows.values()]);
    byId('entries-empty').hidden = visible.length > 0;
    setText(byId('inspector-foot'), this.#foot(visible.length));
  }

  #foot(matching) {
    const { received, entries, frozen } = this.#state;
    const kept = `${count(received)} received, last ${count(Math.min(entries.length, KEPT))} kept, ` +
      `${count(matching)} match`;
    if (frozen === null) return kept;
    const newest = frozen.at(-1)?.number ?? 0;
    return `Paused · ${kept} · ${count(entries.filter((entry) => entry.number > newest).length)} waiting`;
  }
}

function entryRow(entry) {
  const body = h('pre', { tabindex: 0, 'aria-label': `${entry.type} as JSON` });
  const row = h('details', {},
    h('summary', {},
      h('span', { class: 'entry-offset' }, entry.offset === null ? '·' : String(entry.offset)),
      h('span', { class: 'entry-type', 'data-family': familyOf(entry) }, entry.type),
      h('span', { class: 'entry-about', title: entry.about }, shortId(entry.about)),
      h('span', { class: 'entry-gist' }, entry.gist),
      h('time', {}, clock(entry.at))),
    body);
  // Indented only when someone looks: most messages are never opened.
  row.addEventListener('toggle', () => setText(body, row.open ? pretty(entry.text) : ''));
  const attributes = { 'data-type': entry.type, 'data-number': entry.number };
  if (entry.event) attributes['data-offset'] = entry.offset;
  return h('li', attributes, row);
}
