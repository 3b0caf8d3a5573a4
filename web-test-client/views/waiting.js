/** The models that wait for their import, the choice among them, and what came of it. */

import { matching } from '../state/models.js';
import { ConflictList } from './conflict-list.js';
import { byId, h, setText } from './dom.js';
import { count } from './format.js';
import { GrowingList } from './growing-list.js';
import { WaitingRow } from './waiting-row.js';

export class WaitingView {
  #actions;
  #list;
  #conflicts;
  /** @type {Map<number, WaitingRow>} by id */
  #rows = new Map();
  #imports = null;
  #busy = false;
  #allowed = false;
  #matching = [];

  /**
   * @param {{choose: (ids: number[], chosen: boolean) => void, run: () => void,
   *   decide: (ids: number[], strategy: string) => void}} actions
   */
  constructor(actions) {
    this.#actions = actions;
    this.#list = new GrowingList(byId('waiting'), byId('waiting-more'), (model) => this.#row(model));
    this.#conflicts = new ConflictList(actions.decide);
    byId('import').addEventListener('click', () => actions.run());
    byId('choose-all').addEventListener('change', (event) =>
      actions.choose(this.#matching.map((model) => model.id), event.target.checked));
  }

  /**
   * @param {import('../state/imports.js').Imports} imports
   * @param {import('../state/shelf.js').Shelf} shelf what is looked for
   * @param {{busy: boolean, allowed: boolean, anew: boolean}} context `busy`: an import of this page is under way;
   *   `allowed`: this role may import; `anew`: others are looked for than before
   */
  show(imports, shelf, { busy, allowed, anew }) {
    if (imports.failures !== this.#imports?.failures) showFailures(imports.failures);
    [this.#imports, this.#busy, this.#allowed] = [imports, busy, allowed];
    this.#matching = matching(imports.waiting, shelf);
    const ids = new Set(imports.waiting.map((model) => model.id));
    for (const id of this.#rows.keys()) if (!ids.has(id)) this.#rows.delete(id);
    this.#list.show(this.#matching, anew);
    this.#conflicts.show(imports.conflicts, imports.waiting, busy || !allowed);
    this.#head();
    setText(byId('import-status'), busy ? 'Importing…' : imports.summary);
  }

  #head() {
    const { waiting, chosen } = this.#imports;
    const all = this.#matching.length;
    const some = this.#matching.filter((model) => chosen.has(model.id)).length;
    setText(byId('waiting-count'), all < waiting.length ? `${count(all)} of ${count(waiting.length)}` : count(all));
    byId('choose-all-label').hidden = all === 0 || !this.#allowed;
    byId('choose-all').checked = some === all;
    byId('choose-all').indeterminate = some > 0 && some < all;
    byId('import').hidden = !this.#allowed || waiting.length === 0;
    byId('import').disabled = this.#busy || chosen.size === 0;
    setText(byId('import'), chosen.size > 0 ? `Import ${count(chosen.size)}` : 'Import');
    byId('waiting-empty').hidden = all > 0;
    setText(byId('waiting-empty'), waiting.length > 0 ? 'None of those that wait is called so.'
      : 'Nothing waits. A scan finds the model files that the gallery does not have yet.');
  }

  #row(model) {
    let row = this.#rows.get(model.id);
    if (!row) {
      row = new WaitingRow((chosen) => this.#actions.choose([model.id], chosen));
      this.#rows.set(model.id, row);
    }
    row.update(model, this.#imports.chosen.has(model.id), this.#allowed && !this.#busy);
    return row.element;
  }
}

function showFailures(failures) {
  byId('failures').replaceChildren(...failures.map(({ name, error }) => h('li', { class: 'failure' }, `${name}: ${error}`)));
}
