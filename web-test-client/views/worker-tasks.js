/** The tasks that a worker has now, each with its bar and the way to its row. */

import { arrange, h, setAttribute, setText } from './dom.js';
import { count, shortId } from './format.js';
import { ProgressBar } from './progress-bar.js';

/** Tasks shown of one worker; it may have a thousand slots. */
const SHOWN = 6;

export class WorkerTasks {
  /** @type {Map<string, HeldTask>} */
  #rows = new Map();
  #list = h('ul', { class: 'held-tasks' });
  #more = h('p', { class: 'held-more' });
  #open;
  element = h('div', { class: 'held' }, this.#list, this.#more);

  /** @param {(task: string) => void} open shows the task's row */
  constructor(open) {
    this.#open = open;
  }

  /** @param {{id: string, task: object|null}[]} held */
  update(held) {
    const shown = held.slice(0, SHOWN);
    const ids = new Set(shown.map(({ id }) => id));
    for (const id of this.#rows.keys()) if (!ids.has(id)) this.#rows.delete(id);
    arrange(this.#list, shown.map(({ id, task }) => {
      let row = this.#rows.get(id);
      if (!row) this.#rows.set(id, (row = new HeldTask(id, this.#open)));
      row.update(task);
      return row.element;
    }));
    this.element.hidden = held.length === 0;
    this.#more.hidden = held.length <= SHOWN;
    setText(this.#more, `and ${count(held.length - SHOWN)} more`);
  }
}

class HeldTask {
  #name = h('span', { class: 'held-name' });
  #bar = new ProgressBar();
  #note = h('span', { class: 'held-note' });

  constructor(id, open) {
    this.id = id;
    this.button = h('button', { type: 'button', class: 'jump', onclick: () => open(id) },
      this.#name, h('code', {}, shortId(id)));
    this.element = h('li', { class: 'held-task', 'data-held': id }, this.button, this.#bar.element, this.#note);
  }

  update(task) {
    const name = task?.name ?? 'task';
    const running = task?.state === 'running';
    setText(this.#name, name);
    setAttribute(this.button, 'aria-label', `Show ${name} ${shortId(this.id)}`);
    this.#bar.setLabel(`${name} ${shortId(this.id)} on its worker`);
    this.#bar.element.hidden = !running;
    if (running) this.#bar.update(task.progress);
    setText(this.#note, noteOf(task?.state));
    this.#note.hidden = running;
  }
}

function noteOf(state) {
  if (state === 'queued') return 'offered';
  return state === 'cancelled' ? 'cancelled, being stopped' : '';
}
