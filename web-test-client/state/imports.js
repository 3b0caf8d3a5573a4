/** The models that wait, which of them are chosen, and what became of an import. Pure. */

import { titleOf } from './models.js';

/**
 * @typedef {object} Imports
 * @property {object[]} waiting as the server lists them
 * @property {Set<number>} chosen ids
 * @property {{pending: {id: number, path: string}, existing: {id: string, path: string}}[]} conflicts that wait for
 *   a decision
 * @property {{id: number, name: string, error: string}[]} failures of the last import
 * @property {string} summary of the last import, in words
 */

/** @returns {Imports} */
export function initialImports() {
  return { waiting: [], chosen: new Set(), conflicts: [], failures: [], summary: '' };
}

/** @param {Imports} state @param {object[]} waiting @returns {Imports} without decisions about what is gone */
export function showWaiting(state, waiting) {
  const ids = new Set(waiting.map((model) => model.id));
  return {
    ...state,
    waiting,
    chosen: new Set([...state.chosen].filter((id) => ids.has(id))),
    conflicts: state.conflicts.filter(({ pending }) => ids.has(pending.id)),
  };
}

/** @param {Imports} state @param {number[]} ids @param {boolean} chosen @returns {Imports} */
export function choose(state, ids, chosen) {
  const next = new Set(state.chosen);
  for (const id of ids) {
    if (chosen) next.add(id);
    else next.delete(id);
  }
  return { ...state, chosen: next };
}

/**
 * @param {Imports} state
 * @param {number[]} ids what was asked for
 * @param {object} answer of `import_models`
 * @returns {Imports} what is decided is no longer chosen nor in conflict
 */
export function showOutcome(state, ids, answer) {
  const asked = new Set(ids);
  const names = new Map(state.waiting.map((model) => [model.id, titleOf(model)]));
  return {
    ...choose(state, ids, false),
    conflicts: [...state.conflicts.filter(({ pending }) => !asked.has(pending.id)), ...answer.conflict],
    failures: answer.failed.map(({ id, error }) => ({ id, name: names.get(id) ?? `record ${id}`, error })),
    summary: summaryOf(answer),
  };
}

function summaryOf({ success, conflict, ignored, deleted, failed }) {
  const parts = [
    [success.length, 'imported'], [conflict.length, 'in the gallery already'], [ignored.length, 'left waiting'],
    [deleted.length, 'dropped'], [failed.length, 'failed'],
  ].filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return parts.length > 0 ? `${parts.join(', ')}.` : 'Nothing was imported.';
}
