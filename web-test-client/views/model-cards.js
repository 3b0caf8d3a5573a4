/** The models of a type as cards, one in the order of the keyboard; their pictures take turns. */

import { whoTurns } from '../state/turns.js';
import { byId, setAttribute } from './dom.js';
import { GrowingList } from './growing-list.js';
import { ModelCard } from './model-card.js';

/** How often it is asked whose turn it is, ms. */
const ASKED = 300;
const STEPS = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End']);

export class ModelCards {
  #open;
  #list;
  /** @type {Map<string, ModelCard>} by hash */
  #cards = new Map();
  #versions = new Map();
  #selected = null;
  #turned = 0;
  #held = false;
  #noMotion = matchMedia('(prefers-reduced-motion: reduce)');
  #seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const card = this.#cards.get(target.dataset.model);
      if (card) card.visible = isIntersecting;
    }
  }, { threshold: 0.4 });

  /** @param {(hash: string) => void} open */
  constructor(open) {
    this.#open = open;
    this.#list = new GrowingList(byId('cards'), byId('cards-more'), (model) => this.#card(model));
    byId('cards').addEventListener('keydown', (event) => this.#step(event));
    byId('cards').addEventListener('focusin', (event) => this.#enter(event.target.closest('.card')));
    setInterval(() => this.#turnOne(), ASKED);
  }

  /**
   * @param {object[]} models @param {boolean} anew whether they are others than before
   * @param {Map<string, number>} versions of the pictures, by hash
   */
  show(models, anew, versions) {
    this.#versions = versions;
    const hashes = new Set(models.map((model) => model.sha256));
    for (const [hash, card] of this.#cards) {
      if (hashes.has(hash)) continue;
      this.#seen.unobserve(card.button);
      this.#cards.delete(hash);
    }
    this.#list.show(models, anew);
    if (!byId('cards').querySelector('.card[tabindex="0"]')) this.#enter(byId('cards').querySelector('.card'));
  }

  /** @param {string|null} hash of the model that is open */
  select(hash) {
    this.#selected = hash;
    for (const [each, card] of this.#cards) setAttribute(card.button, 'aria-current', each === hash ? 'true' : null);
  }

  /** @param {string} hash whose card is to have the focus, if it is there */
  focus(hash) {
    this.#cards.get(hash)?.button.focus();
  }

  /** @param {boolean} held whether pictures stay as they are */
  hold(held) {
    this.#held = held;
  }

  #card(model) {
    let card = this.#cards.get(model.sha256);
    if (!card) {
      card = new ModelCard();
      card.button.addEventListener('click', () => this.#open(model.sha256));
      this.#cards.set(model.sha256, card);
    }
    card.update(model, this.#versions.get(model.sha256) ?? 0, performance.now());
    setAttribute(card.button, 'aria-current', model.sha256 === this.#selected ? 'true' : null);
    this.#seen.observe(card.button);
    return card.element;
  }

  #turnOne() {
    if (this.#held || this.#noMotion.matches || document.hidden) return;
    const candidates = [...this.#cards.values()].filter((card) => card.visible && card.button.isConnected && card.pictures > 1)
      .map((card) => ({ card, since: card.since }));
    const now = performance.now();
    const card = whoTurns(candidates, this.#turned, now);
    if (!card) return;
    this.#turned = now;
    card.turn(now);
  }

  /** One card alone is reached by Tab: the arrows lead to the others, and Tab leads on to the panel. */
  #enter(button) {
    if (!button) return;
    byId('cards').querySelector('.card[tabindex="0"]')?.setAttribute('tabindex', '-1');
    button.setAttribute('tabindex', '0');
  }

  #step(event) {
    if (!STEPS.has(event.key)) return;
    const buttons = [...byId('cards').querySelectorAll('.card')];
    const place = buttons.indexOf(document.activeElement);
    if (place < 0) return;
    event.preventDefault();
    buttons[target(event.key, place, buttons)]?.focus();
  }
}

function target(key, place, buttons) {
  const top = buttons[0].offsetTop;
  const second = buttons.findIndex((button) => button.offsetTop !== top);
  const columns = second < 0 ? buttons.length : second;
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, Home: -place, End: buttons.length - 1 - place };
  return place + steps[key];
}
