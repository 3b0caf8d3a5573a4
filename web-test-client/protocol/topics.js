/** Which topics an event belongs to (contract: §5). */

/** Messages that are events: they carry an offset of their own and belong to topics. */
const TOPIC_OF_FAMILY = new Map([
  ['tasks', 'tasks'],
  ['training', 'training'],
  ['client', 'clients'],
  ['library', 'library'],
  ['models', 'models'],
  ['tags', 'tags'],
  ['collections', 'collections'],
  ['log', 'log'],
]);

/** Server messages that have an offset but are no events. */
const NOT_EVENTS = new Set(['welcome', 'snapshot', 'synced', 'resync', 'ok', 'pong', 'ready', 'error']);

/**
 * @param {{type: string, offset?: number}} message a message of the server
 * @returns {boolean} whether it is an event of the stream
 */
export function isEvent(message) {
  return !NOT_EVENTS.has(message.type) && Number.isSafeInteger(message.offset);
}

/**
 * @param {{type: string, task?: string, topic?: string}} event
 * @returns {string[]} every topic the event belongs to; empty for types this page does not know
 */
export function topicsOf(event) {
  const family = event.type.slice(0, event.type.indexOf('.'));
  if (family === 'task') return ['tasks', `task/${event.task}`];
  if (family === 'app') return event.topic ? [event.topic] : [];
  const topic = TOPIC_OF_FAMILY.get(family);
  return topic ? [topic] : [];
}
