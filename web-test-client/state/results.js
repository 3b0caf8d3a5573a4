/** The pages that were loaded, kept true by the events of topic `library`. Pure. */

/**
 * @typedef {object} Results
 * @property {number} search counts searches, so that an answer that comes too late is known
 * @property {object[]} items in the order of the server
 * @property {string|null} cursor where the next page begins; null at the end
 * @property {boolean} loading
 * @property {string|null} failure in words
 * @property {boolean} refused whether the server will not do this search, so that it need not be asked again
 * @property {boolean} fresh whether something came since that may belong here
 */

/** @returns {Results} */
export function initialResults() {
  return { search: 0, items: [], cursor: null, loading: false, failure: null, refused: false, fresh: false };
}

/** @param {Results} state @returns {Results} a new search has begun; what was found before stays until it answers */
export function beginSearch(state) {
  return { ...state, search: state.search + 1, cursor: null, loading: true, failure: null, refused: false, fresh: false };
}

/** @param {Results} state @returns {Results} the next page is asked for */
export function beginPage(state) {
  return { ...state, loading: true };
}

/**
 * @param {Results} state
 * @param {number} search the search that was asked for
 * @param {boolean} first whether it is its first page
 * @param {{items: object[], cursor: string|null}} page
 * @returns {Results} unchanged when another search has begun meanwhile
 */
export function addPage(state, search, first, page) {
  if (search !== state.search) return state;
  const known = new Set(first ? [] : state.items.map((item) => item.id));
  const items = first ? page.items : [...state.items, ...page.items.filter((item) => !known.has(item.id))];
  return { ...state, items, cursor: page.cursor ?? null, loading: false, failure: null };
}

/**
 * @param {Results} state
 * @param {number} search the search that was asked for
 * @param {boolean} first whether it is its first page; what is shown then belongs to an earlier search, and goes
 * @param {string} failure in words
 * @param {boolean} refused whether it is the search that was wrong
 * @returns {Results} unchanged when another search has begun meanwhile
 */
export function failSearch(state, search, first, failure, refused) {
  if (search !== state.search) return state;
  return { ...state, items: first ? [] : state.items, loading: false, failure, refused };
}

/**
 * @param {Results} state
 * @param {object[]} messages snapshots and events of `library`, in order
 * @returns {Results} items that changed or went are as they are now; new ones are only announced
 */
export function reduceResults(state, messages) {
  let { items, fresh } = state;
  for (const message of messages) {
    switch (message.type) {
      case 'library.added':
        fresh = fresh || message.items.some((item) => !items.some((known) => known.id === item.id));
        items = merge(items, message.items);
        break;
      case 'library.changed':
        items = merge(items, message.items);
        break;
      case 'library.removed': {
        const gone = new Set(message.items.map((item) => item.id));
        if (items.some((item) => gone.has(item.id))) items = items.filter((item) => !gone.has(item.id));
        break;
      }
      default:
    }
  }
  return items === state.items && fresh === state.fresh ? state : { ...state, items, fresh };
}

/** An event tells everything of an item but what only a search knows; tags are left out when there are none. */
function merge(items, changed) {
  const byId = new Map(changed.map((item) => [item.id, item]));
  if (!items.some((item) => byId.has(item.id))) return items;
  return items.map((item) => (byId.has(item.id) ? { ...item, tags: [], ...byId.get(item.id) } : item));
}
