/** One task in a list. The row is made once and then only changed where something differs. */

import { isFinished } from '../state/tasks.js';
import { h, icon, setAttribute, setText } from './dom.js';
import { age, brief, clock, duration, shortId } from './format.js';
import { ProgressBar } from './progress-bar.js';
import { TaskDetails } from './task-details.js';

/**
 * @typedef {object} RowActions
 * @property {(uuid: string) => void} cancel
 * @property {(uuid: string, open: boolean) => void} toggle
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
  #facts = h('span', { class: 'task-facts' });
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
    this.#cancel = h('button',
      { type: 'button', class: 'button small', onclick: () => actions.cancel(uuid) }, 'Cancel');
    this.element = h('li', { class: 'task', 'data-task': uuid },
      h('div', { class: 'task-head' }, this.#toggle, this.#facts, this.#time, this.#cancel),
      this.#bar.element, this.#note, this.#details.element);
  }

  /** @returns {boolean} whether details and log are shown */
  get isOpen() {
    return this.#open;
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
    setText(this.#facts, facts(task));
    setAttribute(this.#cancel, 'aria-label', `Cancel ${name} ${shortId(task.uuid)}`);
    this.#bar.setLabel(`${name} ${shortId(task.uuid)}`);
    this.#bar.element.hidden = task.state !== 'running';
    if (task.state === 'running') this.#bar.update(task.progress);
    const note = noteOf(task);
    setText(this.#note, note);
    this.#note.hidden = note === '';
    if (this.#open) this.#details.update(task);
  }
}

function facts(task) {
  const parts = [];
  if (task.attempt > 1 || task.state === 'failed') {
    parts.push(`attempt ${task.attempt}${task.attempts ? ` of ${task.attempts}` : ''}`);
  }
  if (task.priority) parts.push(`priority ${task.priority}`);
  if (task.executor) parts.push(task.executor.name ?? task.executor.kind);
  return parts.join(' · ');
}

function noteOf(task) {
  if (task.state === 'failed' && task.error) return `${task.error.code}: ${task.error.message}`;
  if (task.state !== 'queued') return '';
  return task.waiting ?? (task.requeued ? `Waits again: ${task.requeued.replaceAll('_', ' ')}` : '');
}
