/**
 * How many tasks end a minute, over a sliding window. What is known is a list of amounts with the time they
 * fell into: a moment for what an event told, a span for what a snapshot could only tell afterwards. Pure;
 * every time is the caller's.
 */

/** Length of the window, ms. */
export const WINDOW = 300_000;
/** What has just begun is not judged by less than this, ms: one task in its first second is not sixty a minute. */
const SHORTEST = 60_000;
/** Amounts of the same slice are one, ms: a fast worker costs no more memory than a slow one. */
const SLICE = 1000;

/** @typedef {{from: number, to: number, count: number}} Amount `from` equals `to` for a moment */

/**
 * @param {Amount[]} amounts oldest first
 * @param {Amount} added nothing when its count is not positive
 * @returns {Amount[]} a new list, without what has left the window
 */
export function addAmount(amounts, added) {
  if (!(added.count > 0)) return amounts;
  const kept = amounts.filter((amount) => amount.to > added.to - WINDOW);
  const last = kept.at(-1);
  if (last && isMoment(last) && isMoment(added) && slice(last.to) === slice(added.to)) {
    kept[kept.length - 1] = { ...added, count: last.count + added.count };
  } else {
    kept.push({ from: Math.min(added.from, added.to), to: added.to, count: added.count });
  }
  return kept;
}

/**
 * @param {Amount[]} amounts
 * @param {number} since from when on the amounts are complete, ms
 * @param {number} now ms
 * @returns {number} a minute; of the window, or of the time since `since` where that is shorter
 */
export function perMinute(amounts, since, now) {
  const span = Math.min(Math.max(now - since, SHORTEST), WINDOW);
  const begin = now - span;
  let sum = 0;
  for (const { from, to, count } of amounts) {
    if (to <= begin) continue;
    sum += from >= begin ? count : (count * (to - begin)) / (to - from);
  }
  return sum / (span / 60_000);
}

function isMoment({ from, to }) {
  return from === to;
}

function slice(at) {
  return Math.floor(at / SLICE);
}
