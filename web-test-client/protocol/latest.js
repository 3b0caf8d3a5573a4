/** Answers may overtake each other: what was asked for before what is known already is no news. */

export class Latest {
  #asked = 0;
  #answered = 0;

  /**
   * @template Answer
   * @param {() => Promise<Answer>} ask
   * @returns {Promise<Answer|null>} null: what was asked for later has been answered already; rejects as `ask` does
   */
  async of(ask) {
    this.#asked += 1;
    const number = this.#asked;
    const answer = await ask();
    if (number < this.#answered) return null;
    this.#answered = number;
    return answer;
  }
}
