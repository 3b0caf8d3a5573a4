/**
 * The last messages received, for the event inspector. Bounded, and still bounded while the display
 * is paused: pausing freezes what is shown, not what is kept.
 */

import { isEvent } from '../protocol/topics.js';

/** Messages that are remembered. */
export const KEPT = 500;
/** Longest text kept of a message, in UTF-16 units; a message may have 256 KiB. */
const LONGEST = 20_000;

/**
 * @typedef {object} Entry
 * @property {number} number of the message on this page, from 1
 * @property {number} at our clock, ms
 * @property {string} type
 * @property {number|null} offset
 * @property {boolean} event whether it belongs to the stream
 * @property {string} about the id or topic it is about, or empty
 * @property {string} gist the one thing to know of it, for one line
 * @property {string} text as it came, perhaps cut
 */

/**
 * @typedef {object} Inspector
 * @property {Entry[]} entries oldest first
 * @property {number} received how many came in all, since the start or the last clearing
 * @property {Entry[]|null} frozen what is shown while paused
 */

/** @returns {Inspector} */
export function initialInspector() {
  return { entries: [], received: 0, frozen: null };
}

/**
 * @param {number} number of the message on this page, from 1; names its row
 * @param {object} message @param {string} text as it came @param {number} at our clock, ms
 * @returns {Entry}
 */
export function entryOf(number, message, text, at) {
  return {
    number,
    at,
    type: message.type,
    offset: Number.isSafeInteger(message.offset) ? message.offset : null,
    event: isEvent(message),
    about: message.task ?? message.topic ?? message.client ?? message.run ?? '',
    gist: gistOf(message),
    text: text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text,
  };
}

/** @param {object} message of any shape @returns {string} the one thing to know of it, for one line */
function gistOf({ topics, requires, waiting, progress, message, items, counts, info, reason, state }) {
  if (Array.isArray(topics)) return [reason, topics.join(', ')].filter(Boolean).join(': ');
  if (Array.isArray(requires)) return waiting ?? `${requires.join(', ') || 'any worker'}: nothing in the way`;
  if (progress) return `${progress.current} / ${progress.total ?? '?'}`;
  if (typeof message === 'string') return message;
  if (Array.isArray(items)) return items.length === 1 ? '1 item' : `${items.length} items`;
  if (info) return [info.name, info.state ?? info.kind].filter(Boolean).join(' ');
  if (typeof waiting === 'string') return waiting;
  if (reason) return String(reason).replaceAll('_', ' ');
  const numbers = counts ?? state?.counts;
  return numbers ? Object.entries(numbers).map(([name, value]) => `${name} ${value}`).join(', ') : '';
}

/** @param {Inspector} state @param {Entry[]} added @returns {Inspector} */
export function record(state, added) {
  const entries = [...state.entries, ...added].slice(-KEPT);
  return { ...state, entries, received: state.received + added.length };
}

/** @param {Inspector} state @param {boolean} paused @returns {Inspector} */
export function setPaused(state, paused) {
  return { ...state, frozen: paused ? state.entries : null };
}

/** @param {Inspector} state @returns {Inspector} */
export function clear(state) {
  return { entries: [], received: 0, frozen: state.frozen ? [] : null };
}

/**
 * @param {Inspector} state
 * @param {{text: string, family: string}} filter `text` is found anywhere in the message, whatever its
 *   case; `family` is the part of a type before its dot, `control` for what is no event, or empty
 * @returns {Entry[]} what to show, newest first
 */
export function visibleEntries(state, filter) {
  const wanted = filter.text.trim().toLowerCase();
  const matches = (entry) =>
    (filter.family === '' || familyOf(entry) === filter.family) &&
    (wanted === '' || entry.text.toLowerCase().includes(wanted));
  return (state.frozen ?? state.entries).filter(matches).reverse();
}

/** @param {Entry} entry @returns {string} `task`, `client`, `library`, …; `control` for what is no event */
export function familyOf(entry) {
  const family = entry.type.slice(0, entry.type.indexOf('.'));
  return !entry.event ? 'control' : family === 'tasks' ? 'task' : family;
}

/** @param {string} text a message, perhaps cut @returns {string} indented JSON, or the text as it is */
export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
