/** A long list of which so much is made as is looked at. */

import { arrange, keepFocus } from './dom.js';
import { NearEnd } from './near-end.js';

/** Rows made at once. */
const STEP = 60;

export class GrowingList {
  #list;
  #more;
  #end;
  #items = [];
  #make;
  #shown = STEP;

  /**
   * @param {HTMLElement} list
   * @param {HTMLElement} more stands below the list and holds a button; shown while there is more
   * @param {(item: object) => HTMLElement} make the row of an item, the same one for the same item
   */
  constructor(list, more, make) {
    this.#list = list;
    this.#more = more;
    this.#make = make;
    more.querySelector('button').addEventListener('click', () => this.#grow());
    this.#end = new NearEnd(more, () => this.#grow());
  }

  /** @param {object[]} items @param {boolean} anew whether it is another list than before, to be seen from its beginning */
  show(items, anew) {
    this.#items = items;
    if (anew) this.#shown = STEP;
    this.#draw();
    if (anew) this.#end.lookAgain();
  }

  #grow() {
    if (this.#shown >= this.#items.length) return;
    this.#shown += STEP;
    this.#draw();
    this.#end.lookAgain();
  }

  #draw() {
    keepFocus(() => arrange(this.#list, this.#items.slice(0, this.#shown).map(this.#make)));
    this.#more.hidden = this.#shown >= this.#items.length;
  }
}
