/**
 * Keeps an idle connection known to be alive. Browsers cannot send WebSocket pings, so a `ping`
 * message goes out when nothing has come for 25 s, and the server counts as gone after 60 s without a
 * message (contract: §8, §9). Pure: the caller says what time it is.
 */

const IDLE = 25_000;
const GONE = 60_000;
/** A page in the background may wake up rarely; a ping gets at least this long to be answered. */
const ANSWER_TIME = 10_000;

export class Heartbeat {
  #heard;
  /** @type {number|null} when the ping still unanswered was sent */
  #pinged = null;
  /** @type {number|null} when the ping was sent whose answer is measured */
  #measured = null;

  /** @param {number} now ms */
  constructor(now) {
    this.#heard = now;
  }

  /** @param {number} now ms; some message came */
  heard(now) {
    this.#heard = now;
    this.#pinged = null;
  }

  /** @param {number} now ms; a `ping` went out */
  sent(now) {
    this.#measured = now;
  }

  /**
   * @param {number} at the server's clock, from its `pong` @param {number} now ms
   * @returns {{latency?: number, skew?: number}} round trip, and the server's clock minus ours, in ms;
   *   empty for an answer to nothing
   */
  answered(at, now) {
    if (this.#measured === null) return {};
    const latency = now - this.#measured;
    this.#measured = null;
    return { latency, skew: at + latency / 2 - now };
  }

  /**
   * @param {number} now ms
   * @returns {'wait'|'ping'|'gone'} what to do; after `ping` the caller sends one
   */
  check(now) {
    const idle = now - this.#heard;
    if (this.#pinged === null) {
      if (idle < IDLE) return 'wait';
      this.#pinged = now;
      return 'ping';
    }
    return idle >= GONE && now - this.#pinged >= ANSWER_TIME ? 'gone' : 'wait';
  }

  /** @param {number} now ms @returns {number} ms until `check` has something to say */
  next(now) {
    if (this.#pinged === null) return Math.max(this.#heard + IDLE - now, 0);
    return Math.max(this.#heard + GONE - now, this.#pinged + ANSWER_TIME - now, 0);
  }
}
