/** Scans and imports that run, with their progress; whoever may stops them. */

import { workWords } from '../state/gallery-work.js';
import { arrange, byId, h, setText } from './dom.js';
import { ProgressBar } from './progress-bar.js';

export class GalleryWork {
  #cancel;
  /** @type {Map<string, WorkRow>} by id of the task */
  #rows = new Map();

  /** @param {(task: string) => void} cancel */
  constructor(cancel) {
    this.#cancel = cancel;
  }

  /** @param {object[]} tasks @param {boolean} allowed whether this role may stop them */
  show(tasks, allowed) {
    const ids = new Set(tasks.map((task) => task.uuid));
    for (const id of this.#rows.keys()) if (!ids.has(id)) this.#rows.delete(id);
    arrange(byId('work'), tasks.map((task) => {
      let row = this.#rows.get(task.uuid);
      if (!row) this.#rows.set(task.uuid, (row = new WorkRow(() => this.#cancel(task.uuid))));
      row.update(task, allowed);
      return row.element;
    }));
  }

  /** @param {string} text @param {'ok'|'bad'} tone */
  say(text, tone) {
    byId('work-status').dataset.tone = tone;
    setText(byId('work-status'), text);
  }
}

class WorkRow {
  #name = h('span', { class: 'work-name' });
  #bar = new ProgressBar();
  #stop;
  element;

  constructor(cancel) {
    this.#stop = h('button', { type: 'button', class: 'button small', onclick: cancel }, 'Stop');
    this.element = h('li', { class: 'work-row' }, this.#name, this.#bar.element, this.#stop);
  }

  update(task, allowed) {
    const words = workWords(task);
    this.element.dataset.work = task.name;
    setText(this.#name, task.state === 'queued' ? `${words} waits` : words);
    this.#bar.setLabel(words);
    this.#bar.update(task.progress);
    this.#stop.hidden = !allowed;
    this.#stop.setAttribute('aria-label', `Stop ${words.toLowerCase()}`);
  }
}
