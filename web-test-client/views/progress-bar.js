/** A progress bar with its words: how far, of what, and what is being done. */

import { count } from './format.js';
import { h, setAttribute, setText } from './dom.js';

export class ProgressBar {
  #fill = h('div', { class: 'bar-fill' });
  #bar = h('div', { class: 'bar', role: 'progressbar', 'aria-valuemin': 0, 'aria-valuemax': 100 }, this.#fill);
  #message = h('span', { class: 'progress-message' });
  #amount = h('span', { class: 'progress-amount' });
  element = h('div', { class: 'progress' }, this.#bar, this.#message, this.#amount);

  /** @param {string} name what the bar is about, for screen readers */
  setLabel(name) {
    setAttribute(this.#bar, 'aria-label', `Progress of ${name}`);
  }

  /** @param {{current: number, total?: number|null, message?: string}|null|undefined} progress null: not known yet */
  update(progress) {
    const total = progress?.total ?? null;
    const share = total === null ? null : total > 0 ? Math.min(progress.current / total, 1) : 1;
    setAttribute(this.#bar, 'data-known', share !== null);
    // Without a total the value stays away: that is how an unknown share is told.
    setAttribute(this.#bar, 'aria-valuenow', share === null ? null : Math.floor(share * 100));
    setAttribute(this.#bar, 'aria-valuetext', progress ? words(progress, share) : 'waiting for the first report');
    this.#fill.style.setProperty('--share', share ?? 1);
    setText(this.#message, progress?.message || (progress ? '' : 'Starting…'));
    setText(this.#amount, progress ? amount(progress, share) : '');
  }
}

function amount({ current, total }, share) {
  return share === null ? count(current) : `${count(current)} / ${count(total)} · ${Math.floor(share * 100)} %`;
}

function words({ current, total, message }, share) {
  const far = share === null
    ? count(current)
    : `${Math.floor(share * 100)} percent, ${count(current)} of ${count(total)}`;
  return message ? `${far}: ${message}` : far;
}
