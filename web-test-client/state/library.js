/** The library as the topic `library` tells it; a pure reducer (contract: §5). */

/** Items that are shown; the snapshot holds as many. */
const NEWEST_KEPT = 24;

/**
 * @typedef {object} Library
 * @property {boolean} known false before the first snapshot
 * @property {{contents: number, files: number, bytes: number}} counts
 * @property {object[]} newest items, newest first
 */

/** @returns {Library} */
export function initialLibrary() {
  return { known: false, counts: { contents: 0, files: 0, bytes: 0 }, newest: [] };
}

/**
 * @param {Library} state
 * @param {object[]} messages snapshots and events of `library`, in order
 * @returns {Library} a new state
 */
export function reduceLibrary(state, messages) {
  let { known, counts } = state;
  let items = new Map(state.newest.map((item) => [item.id, item]));
  for (const message of messages) {
    switch (message.type) {
      case 'snapshot':
        known = true;
        counts = message.state.counts;
        items = new Map(message.state.newest.map((item) => [item.id, item]));
        break;
      case 'library.added':
        for (const item of message.items) items.set(item.id, item);
        break;
      case 'library.changed':
        for (const item of message.items) {
          if (items.has(item.id)) items.set(item.id, { ...items.get(item.id), ...item });
        }
        break;
      case 'library.removed':
        for (const item of message.items) items.delete(item.id);
        break;
      case 'library.counts':
        counts = message.counts;
        break;
      default:
    }
    if (items.size > 2 * NEWEST_KEPT) items = new Map(newest(items).map((item) => [item.id, item]));
  }
  return { known, counts, newest: newest(items) };
}

function newest(items) {
  return [...items.values()].sort((a, b) => b.added - a.added || b.id - a.id).slice(0, NEWEST_KEPT);
}
