/** Which card shows its next picture, and when: one after the other, never several at once. Pure. */

/** A picture stays at least so long, ms. */
const STAYS = 5000;
/** Between two cards pass at least so many ms, however many there are. */
const APART = 900;

/**
 * @template Card
 * @param {{card: Card, since: number}[]} candidates those that can be seen and have more than one picture, and since
 *   when each shows what it shows
 * @param {number} last when a card last turned, ms
 * @param {number} now ms
 * @returns {Card|null} the one that has waited longest, once it is time
 */
export function whoTurns(candidates, last, now) {
  if (candidates.length === 0 || now - last < Math.max(APART, STAYS / candidates.length)) return null;
  const longest = candidates.reduce((a, b) => (b.since < a.since ? b : a));
  return now - longest.since >= STAYS ? longest.card : null;
}
