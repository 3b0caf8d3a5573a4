/** The models that wait: read, chosen, imported, and what is decided about conflicts. */

import { importModels, waitingModels } from '../protocol/gallery.js';
import { Latest } from '../protocol/latest.js';
import { choose, initialImports, showOutcome, showWaiting } from '../state/imports.js';
import { WaitingView } from '../views/waiting.js';

export class WaitingModels {
  #imports = initialImports();
  #known = false;
  #latest = new Latest();
  #busy = false;
  #changed;
  #view;

  /** @param {() => void} changed something is to be drawn anew */
  constructor(changed) {
    this.#changed = changed;
    this.#view = new WaitingView({
      choose: (ids, chosen) => {
        this.#imports = choose(this.#imports, ids, chosen);
        changed();
      },
      run: () => this.#import([...this.#imports.chosen], null),
      decide: (ids, strategy) => this.#import(ids, strategy),
    });
  }

  /** @returns {object[]} all that wait */
  get models() {
    return this.#imports.waiting;
  }

  /** @returns {number|null} how many wait; null: not known yet */
  get count() {
    return this.#known ? this.#imports.waiting.length : null;
  }

  /** Reads them again; rejects with an error to be shown. */
  async load() {
    const models = await this.#latest.of(waitingModels);
    if (models === null) return;
    this.#imports = showWaiting(this.#imports, models);
    this.#known = true;
    this.#changed();
  }

  /** @param {import('../state/shelf.js').Shelf} shelf @param {{allowed: boolean, anew: boolean}} context as the view's */
  draw(shelf, context) {
    this.#view.show(this.#imports, shelf, { ...context, busy: this.#busy });
  }

  async #import(ids, strategy) {
    if (this.#busy || ids.length === 0) return;
    this.#busy = true;
    this.#changed();
    try {
      this.#imports = showOutcome(this.#imports, ids, await importModels(ids, strategy));
    } catch (error) {
      this.#imports = { ...this.#imports, summary: `The import did not end: ${error.message}`, failures: [] };
    }
    this.#busy = false;
    // What is left says it either way; should it not answer, the next event asks again.
    await this.load().catch(() => this.#changed());
  }
}
