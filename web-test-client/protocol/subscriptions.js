/**
 * What is subscribed, up to where each topic is known, and what has to be asked for next
 * (contract: §3, G1–G4). Pure bookkeeping: no socket, no clock.
 *
 * Two offsets a topic, and they differ on purpose:
 *  - `position`: complete up to here. Moves only at `synced` and with live events, and is what a
 *    `since` may say. While a replay runs it stays where it was. Null: only a snapshot will do.
 *  - `applied`: the last event handed on. An event at or below it is a repeat and is not handed on.
 *    Null: waits for a snapshot, which will hold what comes before it.
 *
 * One `subscribe` is under way at a time: a live event that belongs to two topics comes once, so it
 * must not overtake the replay of the other one.
 */

/** @typedef {{position: number|null, applied: number|null, live: boolean}} Topic */
/** @typedef {{topics: string[], since?: {epoch: string, offset: number}}} Plan */

/** @returns {Topic} */
const unknown = () => ({ position: null, applied: null, live: false });

export class Subscriptions {
  /** @type {Map<string, Topic>} */
  #topics = new Map();
  /** @type {{id: number, topics: string[], replayed: number|null}|null} `replayed` counts when `since` was sent */
  #asked = null;
  /** @type {string|null} the epoch the positions count in */
  epoch = null;
  /** @type {number|null} the highest offset seen */
  offset = null;

  /** @param {string} name @returns {boolean} */
  has(name) {
    return this.#topics.has(name);
  }

  /** @param {string} name a topic that is wanted from now on */
  add(name) {
    if (!this.#topics.has(name)) this.#topics.set(name, unknown());
  }

  /** @param {string} name a topic that is not wanted any more */
  remove(name) {
    this.#topics.delete(name);
  }

  /** @returns {boolean} whether everything wanted is live */
  get complete() {
    return this.#asked === null && [...this.#topics.values()].every((topic) => topic.live);
  }

  /**
   * What to ask for next: the topics with a known position in one message from the lowest of the
   * positions (`deliver` filters the repeats), then the others from a snapshot.
   * @returns {Plan|null} null while an answer is outstanding or when all is live
   */
  plan() {
    if (this.#asked) return null;
    const waiting = [...this.#topics].filter(([, topic]) => !topic.live);
    const known = waiting.filter(([, topic]) => topic.position !== null);
    if (known.length > 0) {
      const offset = Math.min(...known.map(([, topic]) => topic.position));
      return { topics: known.map(([name]) => name), since: { epoch: this.epoch, offset } };
    }
    return waiting.length > 0 ? { topics: waiting.map(([name]) => name) } : null;
  }

  /** @param {number} id of the `subscribe` that was sent @param {Plan} plan what it asked for */
  asked(id, plan) {
    this.#asked = { id, topics: plan.topics, replayed: plan.since ? 0 : null };
  }

  /** @param {number|undefined} id @returns {boolean} whether it is the `subscribe` still unanswered */
  isAsked(id) {
    return this.#asked !== null && this.#asked.id === id;
  }

  /** The `subscribe` under way was refused for good: its topics are not wanted any more. */
  refused() {
    for (const name of this.#asked?.topics ?? []) this.#topics.delete(name);
    this.#asked = null;
  }

  /** The connection is gone: nothing is live, and no answer will come. */
  disconnected() {
    this.#asked = null;
    for (const topic of this.#topics.values()) {
      topic.live = false;
      if (topic.position === null) topic.applied = null;
    }
  }

  /** @param {{topics: string[]}} message `resync`: these topics are forgotten, snapshots follow */
  resync(message) {
    if (this.#asked) this.#asked.replayed = null;
    for (const name of message.topics) {
      if (this.#topics.has(name)) this.#topics.set(name, unknown());
    }
  }

  /**
   * @param {{topic: string, offset: number}} message `snapshot`
   * @returns {boolean} whether the topic is (still) wanted
   */
  snapshot(message) {
    const topic = this.#topics.get(message.topic);
    if (topic) topic.applied = message.offset;
    return topic !== undefined;
  }

  /**
   * @param {{id?: number, topics: string[], epoch: string, offset: number}} message `synced`
   * @returns {number|null} how many events were replayed; null when this was no resume
   */
  synced(message) {
    const replayed = this.isAsked(message.id) ? this.#asked.replayed : null;
    if (this.isAsked(message.id)) this.#asked = null;
    if (this.epoch !== message.epoch) {
      // Offsets of another epoch mean nothing now.
      for (const [name, topic] of this.#topics) {
        if (!message.topics.includes(name)) Object.assign(topic, unknown());
      }
      this.epoch = message.epoch;
      this.offset = null;
    }
    for (const name of message.topics) {
      const topic = this.#topics.get(name);
      if (!topic) continue;
      topic.position = message.offset;
      topic.applied = Math.max(topic.applied ?? 0, message.offset);
      topic.live = true;
    }
    this.offset = Math.max(this.offset ?? 0, message.offset);
    return replayed;
  }

  /**
   * Takes an event. Live topics advance to it whether or not it is theirs, because live events come
   * in order over all topics (G2).
   * @param {{offset: number}} event
   * @param {string[]} names the topics it belongs to
   * @returns {string[]} the topics that have not seen it yet
   */
  deliver(event, names) {
    if (this.#asked !== null && this.#asked.replayed !== null) this.#asked.replayed += 1;
    const fresh = names.filter((name) => {
      const topic = this.#topics.get(name);
      return topic !== undefined && topic.applied !== null && event.offset > topic.applied;
    });
    for (const name of fresh) this.#topics.get(name).applied = event.offset;
    for (const topic of this.#topics.values()) {
      if (topic.live) topic.position = Math.max(topic.position, event.offset);
    }
    this.offset = Math.max(this.offset ?? 0, event.offset);
    return fresh;
  }
}
