/** The task lists and their counts. */

import { groupTasks } from '../state/tasks.js';
import { arrange, byId, keepFocus, setText } from './dom.js';
import { count } from './format.js';
import { TaskRow } from './task-row.js';

/** Rows of one list; a queue may hold a hundred thousand tasks. */
const ROWS = 100;
const COUNTS = ['running', 'queued', 'done', 'failed', 'cancelled'];

export class TasksView {
  /** @type {Map<string, TaskRow>} */
  #rows = new Map();
  #actions;
  /** What was last shown, to show it again with another row. */
  #shown = null;
  /** @type {string|null} the task that was asked for, shown also where its list is longer than what is shown of it */
  #wanted = null;

  /**
   * @param {{cancel: (uuid: string) => void, open: (uuid: string) => void, close: (uuid: string) => void,
   *   worker: (executor: object) => void}} actions
   *   `open` and `close`: the log of this task is wanted from now on, or no more; `worker`: who runs it is to be shown
   */
  constructor(actions) {
    this.#actions = actions;
  }

  /**
   * @param {import('../state/tasks.js').Tasks} tasks
   * @param {{mayCancel: boolean, now: number}} context
   */
  update(tasks, context) {
    this.#shown = { tasks, context };
    for (const name of COUNTS) setText(byId(`count-${name}`), tasks.known ? count(tasks.counts[name]) : '–');
    const { running, queued, finished } = groupTasks(tasks);
    const { counts } = tasks;
    const shown = new Set();
    keepFocus(() => {
      this.#list('running', running, counts.running, shown, tasks.known, context);
      this.#list('queued', queued, counts.queued, shown, tasks.known, context);
      this.#list('finished', finished, counts.done + counts.failed + counts.cancelled, shown, tasks.known, context);
    });
    for (const [uuid, row] of this.#rows) {
      if (shown.has(uuid)) continue;
      if (row.isOpen) this.#actions.close(uuid);
      this.#rows.delete(uuid);
    }
  }

  /** @param {number} now by the server's clock, ms */
  tick(now) {
    for (const row of this.#rows.values()) row.tick(now);
  }

  /** @param {string} uuid of a task that is to be seen, opened @returns {boolean} whether it is in a list */
  reveal(uuid) {
    this.#wanted = uuid;
    if (this.#shown) this.update(this.#shown.tasks, this.#shown.context);
    const row = this.#rows.get(uuid);
    if (row && !row.isOpen) this.#toggle(uuid, true);
    row?.reveal();
    return row !== undefined;
  }

  /** @param {string} uuid @param {import('../state/task-log.js').TaskLog} log */
  showLog(uuid, log) {
    this.#rows.get(uuid)?.showLog(log);
  }

  #list(name, tasks, total, shown, known, context) {
    const rows = tasks.filter((task, place) => place < ROWS || task.uuid === this.#wanted).map((task) => {
      shown.add(task.uuid);
      const row = this.#row(task.uuid);
      row.update(task, context);
      return row.element;
    });
    arrange(byId(name), rows);
    const hidden = total - rows.length;
    const some = hidden > 0 && rows.length > 0;
    setText(byId(`${name}-count`), some ? `${count(rows.length)} of ${count(total)}` : count(total));
    byId(`${name}-empty`).hidden = !known || tasks.length > 0;
  }

  #row(uuid) {
    let row = this.#rows.get(uuid);
    if (!row) {
      const { cancel, worker } = this.#actions;
      row = new TaskRow(uuid, { cancel, worker, toggle: (id, open) => this.#toggle(id, open) });
      this.#rows.set(uuid, row);
    }
    return row;
  }

  #toggle(uuid, open) {
    this.#rows.get(uuid)?.setOpen(open);
    if (open) this.#actions.open(uuid);
    else this.#actions.close(uuid);
  }
}
