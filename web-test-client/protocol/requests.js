/**
 * Messages that wait for their one answer (contract: §2). A request marked `repeat` is sent again
 * after a reconnect; all others fail when the connection ends.
 */

/** The server answered a request with `error`. */
export class RequestError extends Error {
  /** @param {{code: string, message: string}} answer */
  constructor(answer) {
    super(answer.message || answer.code);
    this.name = 'RequestError';
    this.code = answer.code;
  }
}

export class Requests {
  #next = 1;
  /** @type {Map<number, {message: object, repeat: boolean, resolve: Function, reject: Function}>} */
  #waiting = new Map();

  /** @returns {number} an id never used before on this page */
  nextId() {
    return this.#next++;
  }

  /**
   * @param {object} message without `id`
   * @param {boolean} repeat whether sending it twice is safe
   * @returns {{message: object, answer: Promise<object>}} the message with its id, and its answer to come
   */
  add(message, repeat) {
    const id = this.nextId();
    const sent = { ...message, id };
    const answer = new Promise((resolve, reject) => {
      this.#waiting.set(id, { message: sent, repeat, resolve, reject });
    });
    return { message: sent, answer };
  }

  /** @param {{type: string, id?: number}} answer @returns {boolean} whether someone waited for it */
  settle(answer) {
    const entry = this.#waiting.get(answer.id);
    if (!entry) return false;
    this.#waiting.delete(answer.id);
    if (answer.type === 'error') entry.reject(new RequestError(answer));
    else entry.resolve(answer);
    return true;
  }

  /** The connection is gone: what may not be repeated fails now. */
  disconnected() {
    for (const [id, entry] of this.#waiting) {
      if (entry.repeat) continue;
      this.#waiting.delete(id);
      const message = 'The connection was lost before the answer came.';
      entry.reject(new RequestError({ code: 'disconnected', message }));
    }
  }

  /** @returns {object[]} what a new connection must send again, in order */
  repeats() {
    return [...this.#waiting.values()].map((entry) => entry.message);
  }
}
