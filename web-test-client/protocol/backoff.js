/**
 * When to connect again after a connection has ended (contract: §9 of the realtime protocol).
 * Pure: chance is a parameter, nothing here waits.
 */

const FIRST_DELAY = 500;
const LONGEST_DELAY = 30_000;
const GOING_AWAY = 1001;

/**
 * Close codes after which trying again would fail the same way.
 * 1004 is reserved, and browsers report 1005 (no code) and 1006 (cut off) for ordinary lost
 * connections, so of 1002–1009 these remain.
 */
const FINAL_CODES = new Map([
  [1002, 'the server saw a protocol error'],
  [1003, 'the server refused a binary message'],
  [1007, 'the server saw text that is not UTF-8'],
  [1008, 'the server saw too many errors or fragments'],
  [1009, 'the server refused a message as too large'],
]);

/**
 * Why a close code forbids another attempt.
 * @param {number} code WebSocket close code
 * @returns {string|null} the reason in words, or null when reconnecting is allowed
 */
export function finalReason(code) {
  return FINAL_CODES.get(code) ?? null;
}

/**
 * Milliseconds to wait before the next attempt.
 * @param {number} attempt 0 for the first attempt since the connection last worked
 * @param {number} code WebSocket close code
 * @param {() => number} random a number in 0…1
 * @returns {number} 0.5 s doubling to 30 s, times 0.5…1.5; after 1001 one second plus up to one more
 */
export function reconnectDelay(attempt, code, random) {
  if (code === GOING_AWAY && attempt === 0) return 1000 + random() * 1000;
  return Math.min(FIRST_DELAY * 2 ** attempt, LONGEST_DELAY) * (0.5 + random());
}
