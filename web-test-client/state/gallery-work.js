/** The tasks of the gallery among all tasks: scans and imports, whoever began them. Pure. */

import { isFinished } from './tasks.js';

const WORDS = { model_scan: 'Scan', model_import: 'Import' };

/** @param {object} task @returns {string|null} what it does, in a word; null for a task of something else */
export function workWords(task) {
  return WORDS[task?.name] ?? null;
}

/** @param {import('./tasks.js').Tasks} tasks @returns {object[]} what runs and what waits for it, the oldest first */
export function galleryWork(tasks) {
  return [...tasks.byId.values()]
    .filter((task) => workWords(task) !== null && !isFinished(task))
    .sort((a, b) => (a.created ?? 0) - (b.created ?? 0));
}

/** @param {object[]} messages of `tasks` @returns {boolean} whether a scan or an import has ended, well or not */
export function endsWork(messages) {
  return messages.some((message) => message.type === 'task.finished' && workWords(message.info) !== null);
}
