/** Says when the end of a list that grows comes near, so that more is there before anyone reaches it. */

/** How far below the window the end still counts as near. */
const MARGIN = '600px';

export class NearEnd {
  #end;
  #observer;

  /**
   * @param {HTMLElement} end stands below the list; while it is hidden nothing is said
   * @param {() => void} reached called at most once for each time that the end comes near, or that is looked again
   */
  constructor(end, reached) {
    this.#end = end;
    this.#observer = new IntersectionObserver((entries) => {
      // A tab that nobody sees need not fill.
      if (!document.hidden && entries.at(-1).isIntersecting) reached();
    }, { rootMargin: MARGIN });
    this.#observer.observe(end);
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.lookAgain();
    });
  }

  /** To be called when the list grew: an end that is near still does not come near, and would not be heard of. */
  lookAgain() {
    this.#observer.unobserve(this.#end);
    this.#observer.observe(this.#end);
  }
}
