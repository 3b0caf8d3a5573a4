/** The list of workers and what they do together. */

import { summarizeWorkers, totalOf } from '../state/worker-summary.js';
import { GONE_SHOWN } from '../state/workers.js';
import { arrange, byId, keepFocus, setAttribute, setText } from './dom.js';
import { count, rate } from './format.js';
import { WorkerCard } from './worker-card.js';

/** Cards shown; a server may have a thousand workers. */
const CARDS = 60;
/** How long before its end the card of a worker that has gone fades, ms. */
const FADE = 2000;

export class WorkersView {
  /** @type {Map<string, WorkerCard>} */
  #cards = new Map();
  #openTask;

  /** @param {(task: string) => void} openTask shows the row of a task */
  constructor(openTask) {
    this.#openTask = openTask;
  }

  /**
   * @param {import('../state/workers.js').Workers} workers
   * @param {Map<string, object>} tasks by id
   * @param {number} now by the server's clock, ms
   */
  update(workers, tasks, now) {
    const summaries = summarizeWorkers(workers, tasks, now);
    const keys = new Set(summaries.map(({ key }) => key));
    for (const key of this.#cards.keys()) if (!keys.has(key)) this.#cards.delete(key);
    keepFocus(() => arrange(byId('workers'), summaries.slice(0, CARDS).map((one) => this.#card(one, now))));
    const total = totalOf(summaries);
    setText(byId('workers-total'), workers.known && total.workers > 0 ? totalWords(total) : '');
    const hidden = summaries.length - CARDS;
    byId('workers-more').hidden = hidden <= 0;
    setText(byId('workers-more'), `and ${count(hidden)} more`);
    byId('workers-empty').hidden = !workers.known || summaries.length > 0;
  }

  /** @param {string} key @returns {boolean} whether it is here to be shown */
  reveal(key) {
    const card = this.#cards.get(key);
    card?.reveal();
    return card !== undefined;
  }

  #card(summary, now) {
    let card = this.#cards.get(summary.key);
    if (!card) this.#cards.set(summary.key, (card = new WorkerCard(summary.key, this.#openTask)));
    card.update(summary, now);
    const left = summary.gone ? GONE_SHOWN - (now - summary.gone.noticed) : Infinity;
    setAttribute(card.element, 'data-leaving', left <= FADE ? '' : null);
    return card.element;
  }
}

function totalWords({ workers, slots, busy, rate: perMinute }) {
  const parts = [`${count(workers)} ${workers === 1 ? 'worker' : 'workers'}`];
  if (slots > 0) parts.push(`${count(busy)} of ${count(slots)} slots busy`);
  parts.push(rate(perMinute));
  return parts.join(' · ');
}
