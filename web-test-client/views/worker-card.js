/** One worker: what it is, what it does, how fast, and what went wrong last. */

import { arrange, h, setAttribute, setText } from './dom.js';
import { age, clock, count, rate, shortId } from './format.js';
import { SlotsGauge } from './slots-gauge.js';
import { WorkerTasks } from './worker-tasks.js';

const STATES = { idle: 'idle', busy: 'busy', full: 'full', closed: 'takes no tasks', gone: 'gone' };
/** Capabilities shown before the rest is asked for; there may be sixty-four. */
const CAPABILITIES = 6;

export class WorkerCard {
  #since = 0;
  #all = false;
  #summary = null;
  #name = h('span', { class: 'worker-name' });
  #state = h('span', { class: 'worker-state' });
  #kind = h('span', { class: 'badge' });
  #gauge = new SlotsGauge();
  #tasks;
  #rate = figure('rate', 'Tasks ended a minute, done or failed, over the last five minutes');
  #done = figure('done');
  #failed = figure('failed');
  #age = figure('age');
  #address = figure('address');
  #offers = h('ul', { class: 'capabilities', 'aria-label': 'Capabilities' });
  #more = h('button', { type: 'button', class: 'jump', onclick: () => this.#showAll() });
  #error = h('p', { class: 'worker-error' });
  #gone = h('p', { class: 'worker-gone' });

  /** @param {string} key @param {(task: string) => void} openTask */
  constructor(key, openTask) {
    this.#tasks = new WorkerTasks(openTask);
    this.element = h('li', { class: 'worker', 'data-worker': key, tabindex: -1 },
      h('div', { class: 'worker-head' },
        h('span', { class: 'worker-lamp', 'aria-hidden': 'true' }), this.#name, this.#state, this.#kind,
        this.#gauge.element),
      this.#tasks.element,
      h('p', { class: 'worker-figures' }, this.#rate, this.#done, this.#failed, this.#age, this.#address),
      h('div', { class: 'worker-offers' }, this.#offers, this.#more), this.#error, this.#gone);
  }

  /** @param {import('../state/worker-summary.js').WorkerSummary} summary @param {number} now by the server's clock, ms */
  update(summary, now) {
    const { name, state, kind, gone, error } = summary;
    const shown = name ?? shortId(summary.key);
    this.#summary = summary;
    this.#since = summary.since;
    setAttribute(this.element, 'data-state', state);
    setAttribute(this.element, 'aria-label', `Worker ${shown}, ${STATES[state]}`);
    setText(this.#name, shown);
    setText(this.#state, STATES[state]);
    setText(this.#kind, kind);
    this.#kind.hidden = kind === 'worker';
    this.#gauge.element.hidden = gone !== null;
    this.#gauge.update(shown, summary.busy, summary.slots);
    this.#tasks.update(summary.tasks);
    this.#figures(summary);
    this.#capabilities(summary.capabilities);
    setText(this.#error, error ? `Last error${error.at === null ? '' : ` ${clock(error.at)}`}: ${error.text}` : '');
    this.#error.hidden = error === null;
    setText(this.#gone, gone ? goneWords(summary) : '');
    this.#gone.hidden = gone === null;
    this.#tick(now);
  }

  /** Brings it into view and lets it have the focus. */
  reveal() {
    this.element.scrollIntoView({ block: 'nearest' });
    this.element.focus({ preventScroll: true });
  }

  #tick(now) {
    setText(this.#age, `up ${age(now - this.#since)}`);
    this.#age.hidden = this.#summary.gone !== null;
  }

  #figures({ rate: perMinute, done, failed, counted, address, protocol, gone }) {
    setText(this.#rate, rate(perMinute));
    this.#rate.hidden = gone !== null;
    setText(this.#done, `${count(done)} done`);
    setText(this.#failed, `${count(failed)} failed`);
    setAttribute(this.#failed, 'data-some', failed > 0);
    for (const figure of [this.#done, this.#failed]) {
      setAttribute(figure, 'title', counted ? null : 'As far as this page has seen');
    }
    const other = protocol && protocol !== 'vitrine.v1' ? protocol : null;
    setText(this.#address, [address, other].filter(Boolean).join(' · '));
    this.#address.hidden = this.#address.textContent === '';
  }

  #capabilities(names) {
    const shown = this.#all ? names : names.slice(0, CAPABILITIES);
    if (this.#offers.dataset.shown !== JSON.stringify(shown)) {
      this.#offers.dataset.shown = JSON.stringify(shown);
      arrange(this.#offers, shown.map((name) => h('li', {}, h('code', {}, name))));
    }
    this.#offers.parentElement.hidden = names.length === 0 || this.#summary.gone !== null;
    this.#more.hidden = shown.length === names.length;
    setText(this.#more, `${count(names.length - shown.length)} more`);
    setAttribute(this.#more, 'aria-label', `${names.length - shown.length} more capabilities of ${this.#name.textContent}`);
  }

  #showAll() {
    this.#all = true;
    this.#capabilities(this.#summary.capabilities);
    this.element.focus({ preventScroll: true });
  }
}

function figure(name, title) {
  return h('span', { class: `figure ${name}`, title });
}

function goneWords({ gone, lost }) {
  const parts = [gone.at === null ? 'Left while this page was not connected' : `Left at ${clock(gone.at)}`];
  if (lost.requeued > 0) parts.push(`${tasks(lost.requeued)} back in the queue`);
  if (lost.failed > 0) parts.push(`${tasks(lost.failed)} lost`);
  return parts.join(' · ');
}

function tasks(number) {
  return `${count(number)} ${number === 1 ? 'task' : 'tasks'}`;
}
