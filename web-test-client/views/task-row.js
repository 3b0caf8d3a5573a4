/** One task in a list. The row is made once and then only changed where something differs. */

import { isFinished } from '../state/tasks.js';
import { workerKey } from '../state/workers.js';
import { h, icon, setAttribute, setText } from './dom.js';
import { age, brief, clock, duration, shortId } from './format.js';
import { ProgressBar } from './progress-bar.js';
import { TaskDetails } from './task-details.js';
import { attemptWords, executorWords, noteWords } from './task-words.js';

/**
 * @typedef {object} RowActions
 * @property {(uuid: string) => void} cancel
 * @property {(uuid: string, open: boolean) => void} toggle
 * @property {(executor: object) => void} worker shows who runs it
 */

export class TaskRow {
  #task;
  #open = false;
  #state = null;
  #bar = new ProgressBar();
  #details;
  #mark = h('span', { class: 'mark' });
  #word = h('span', { class: 'visually-hidden' });
  #name = h('span', { class: 'task-name' });
  #id = h('code', { class: 'task-id' });
  #brief = h('span', { class: 'task-brief' });
  #facts = h('span');
  #executor = h('span');
  #worker;
  #about;
  #time = h('span', { class: 'task-time' });
  #note = h('p', { class: 'task-note' });
  #toggle;
  #cancel;

  /** @param {string} uuid @param {RowActions} actions */
  constructor(uuid, actions) {
    const detailsId = `details-${uuid}`;
    this.#details = new TaskDetails(detailsId);
    this.#toggle = h('button', {
      type: 'button', class: 'task-toggle', 'aria-expanded': 'false', 'aria-controls': detailsId,
      onclick: () => actions.toggle(uuid, !this.#open),
    }, icon('chevron'), this.#mark, this.#word, this.#name, this.#id, this.#brief);
    this.#worker = h('button', {
      type: 'button', class: 'jump', hidden: true, onclick: () => actions.worker(this.#task.executor),
    });
    this.#about = h('span', { class: 'task-facts' }, this.#facts, this.#worker, this.#executor);
    this.#cancel = h('button',
      { type: 'button', class: 'button small', onclick: () => actions.cancel(uuid) }, 'Cancel');
    this.element = h('li', { class: 'task', 'data-task': uuid },
      h('div', { class: 'task-head' }, this.#toggle, this.#about, this.#time, this.#cancel),
      this.#bar.element, this.#note, this.#details.element);
  }

  /** @returns {boolean} whether details and log are shown */
  get isOpen() {
    return this.#open;
  }

  /** Brings it into view and lets it have the focus. */
  reveal() {
    this.element.scrollIntoView({ block: 'nearest' });
    this.#toggle.focus({ preventScroll: true });
  }

  /** @param {boolean} open */
  setOpen(open) {
    this.#open = open;
    setAttribute(this.#toggle, 'aria-expanded', open);
    this.#details.element.hidden = !open;
    if (open && this.#task) this.#details.update(this.#task);
  }

  /** @param {object} task @param {{mayCancel: boolean, now: number}} context `now` by the server's clock */
  update(task, context) {
    if (task !== this.#task) this.#show(task);
    this.#cancel.hidden = !context.mayCancel || isFinished(task);
    this.tick(context.now);
  }

  /** @param {number} now by the server's clock, ms */
  tick(now) {
    const task = this.#task;
    if (isFinished(task)) {
      const took = task.started == null ? '' : `${duration(task.finished - task.started)} · `;
      setText(this.#time, `${took}${clock(task.finished)}`);
    } else {
      setText(this.#time, age(now - ((task.state === 'running' ? task.started : task.created) ?? now)));
    }
  }

  /** @param {import('../state/task-log.js').TaskLog} log */
  showLog(log) {
    this.#details.showLog(log);
  }

  #show(task) {
    this.#task = task;
    const name = task.name ?? 'task';
    if (task.state !== this.#state) {
      this.#state = task.state;
      setAttribute(this.element, 'data-state', task.state);
      this.#mark.replaceChildren(icon(task.state));
      setText(this.#word, `${task.state}: `);
    }
    setText(this.#name, name);
    setText(this.#id, shortId(task.uuid));
    setText(this.#brief, brief(task.params));
    setText(this.#facts, [attemptWords(task), task.priority ? `priority ${task.priority}` : ''].filter(Boolean).join(' · '));
    this.#showExecutor(task);
    setAttribute(this.#cancel, 'aria-label', `Cancel ${name} ${shortId(task.uuid)}`);
    this.#bar.setLabel(`${name} ${shortId(task.uuid)}`);
    this.#bar.element.hidden = task.state !== 'running';
    if (task.state === 'running') this.#bar.update(task.progress);
    const note = noteWords(task);
    setText(this.#note, note);
    this.#note.hidden = note === '';
    if (this.#open) this.#details.update(task);
  }

  /** Who runs it; while it runs, and not in the server itself, the way to it. */
  #showExecutor(task) {
    const words = executorWords(task.executor);
    const isElsewhere = task.state === 'running' && workerKey(task.executor) !== null;
    this.#worker.hidden = !isElsewhere;
    this.#executor.hidden = isElsewhere || words === '';
    setText(isElsewhere ? this.#worker : this.#executor, words);
    // A narrow view has no room for what is the same almost everywhere.
    setAttribute(this.#about, 'data-plain', this.#facts.textContent === '' && (words === '' || words === 'local'));
    this.#facts.hidden = this.#facts.textContent === '';
  }
}
