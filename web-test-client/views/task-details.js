/** What opens below a task: its facts in full, and its log. */

import { arrange, h, setText } from './dom.js';
import { clock } from './format.js';
import { executorWords, requeueLines } from './task-words.js';

/** Longest text of one fact, in UTF-16 units. */
const LONGEST = 2000;

export class TaskDetails {
  #facts = h('dl', { class: 'task-table' });
  #lines = h('ol', { class: 'log-lines' });
  #empty = h('p', { class: 'empty' }, 'Loading the log…');
  #log = h('div', { class: 'log', role: 'log', 'aria-live': 'off', 'aria-label': 'Log', tabindex: 0 },
    this.#lines, this.#empty);
  /** @type {WeakMap<object, Element>} one element a line, so that a longer log adds and does not rebuild */
  #elements = new WeakMap();

  /** @param {string} id of the element */
  constructor(id) {
    this.element = h('div', { class: 'task-details', id, hidden: true }, this.#facts, this.#log);
  }

  /** @param {object} task */
  update(task) {
    const rows = factsOf(task).filter(([, value]) => value !== null && value !== '');
    const text = JSON.stringify(rows);
    if (this.#facts.dataset.shown === text) return;
    this.#facts.dataset.shown = text;
    this.#facts.replaceChildren(...rows.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
  }

  /** @param {import('../state/task-log.js').TaskLog} log */
  showLog(log) {
    const box = this.#log;
    const atEnd = box.scrollTop + box.clientHeight >= box.scrollHeight - 8;
    arrange(this.#lines, log.lines.map((line) => this.#element(line)));
    setText(this.#empty, log.known ? 'No log lines.' : 'Loading the log…');
    this.#empty.hidden = log.lines.length > 0;
    if (atEnd) box.scrollTop = box.scrollHeight;
  }

  #element(line) {
    let element = this.#elements.get(line);
    if (!element) {
      element = h('li', { 'data-level': line.level },
        h('time', {}, clock(line.at)), h('span', { class: 'level' }, line.level),
        h('span', { class: 'line' }, line.message));
      this.#elements.set(line, element);
    }
    return element;
  }
}

function factsOf(task) {
  const executor = task.executor;
  return [
    ['Task', task.uuid],
    ['Parameters', json(task.params)],
    ['Attempt', task.attempts ? `${task.attempt} of at most ${task.attempts}` : String(task.attempt)],
    ['Runs on', [executorWords(executor), executor?.client].filter(Boolean).join(' · ')],
    ['Requires', (task.requires ?? []).join(', ')],
    ['Waits', task.state === 'queued' ? task.waiting ?? '' : ''],
    ['Requeued', requeueLines(task).join('\n')],
    ['Created', time(task.created)],
    ['Started', time(task.started)],
    ['Finished', time(task.finished)],
    ['Result', task.result == null && task.result_size ? `${task.result_size} bytes` : json(task.result)],
    ['Error', task.error ? `${task.error.code}: ${task.error.message}` : ''],
  ];
}

function json(value) {
  if (value == null) return '';
  const text = JSON.stringify(value);
  return text === '{}' ? '' : text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function time(at) {
  return at == null ? '' : clock(at);
}
