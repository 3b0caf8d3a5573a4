/** What of the gallery is looked at, as the address of the page has it. Pure. */

/**
 * @typedef {object} Shelf
 * @property {string|null} type of the models; `others`: those of no known one; null: the first that has any
 * @property {boolean} waiting whether the models that wait for their import are looked at instead
 * @property {string} text words that a model must have
 * @property {number[]} tags ids, all of which a model must have
 * @property {string|null} model the hash of the one that is open
 */

const HASH = /^[0-9a-f]{64}$/;

/** @returns {Shelf} */
export function emptyShelf() {
  return { type: null, waiting: false, text: '', tags: [], model: null };
}

/** @param {string} search the address after the path, from `?` on @returns {Shelf} what makes no sense is left out */
export function shelfFromAddress(search) {
  const given = new URLSearchParams(search);
  const model = given.get('model')?.toLowerCase() ?? '';
  return {
    type: given.get('type') || null,
    waiting: given.get('waiting') === '1',
    text: given.get('text') ?? '',
    tags: given.getAll('tag').filter((id) => /^[1-9]\d{0,15}$/.test(id)).map(Number),
    model: HASH.test(model) ? model : null,
  };
}

/** @param {Shelf} shelf @returns {string} what {@link shelfFromAddress} reads */
export function shelfAddress(shelf) {
  const parts = new URLSearchParams();
  if (shelf.type) parts.set('type', shelf.type);
  if (shelf.waiting) parts.set('waiting', '1');
  if (shelf.text) parts.set('text', shelf.text);
  for (const tag of shelf.tags) parts.append('tag', tag);
  if (shelf.model) parts.set('model', shelf.model);
  const text = parts.toString();
  return text ? `?${text}` : '';
}
