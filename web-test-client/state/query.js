/** What is looked for: as the address of the page has it, as the server is asked, as people are told. Pure. */

/**
 * @typedef {object} Query
 * @property {string} text words of path or prompt, or a regular expression
 * @property {boolean} regexp
 * @property {string} without words that must not occur, separated by commas
 * @property {''|'image'|'video'|'audio'} kind
 * @property {'newest'|'random'} sort
 * @property {string} folder absolute path, empty for all
 * @property {number[]} tags ids, all of which a file must have
 */

const KINDS = new Set(['', 'image', 'video', 'audio']);

/** @returns {Query} everything, newest first */
export function emptyQuery() {
  return { text: '', regexp: false, without: '', kind: '', sort: 'newest', folder: '', tags: [] };
}

/** @param {string} search the address after the path, from `?` on @returns {Query} what makes no sense is left out */
export function queryFromAddress(search) {
  const given = new URLSearchParams(search);
  const kind = given.get('kind') ?? '';
  return {
    text: given.get('text') ?? '',
    regexp: given.get('regexp') === '1',
    without: given.get('without') ?? '',
    kind: KINDS.has(kind) ? kind : '',
    sort: given.get('sort') === 'random' ? 'random' : 'newest',
    folder: given.get('folder') ?? '',
    tags: given.getAll('tag').filter((id) => /^[1-9]\d{0,15}$/.test(id)).map(Number),
  };
}

/** @param {Query} query @returns {string} what {@link queryFromAddress} reads, `` for everything */
export function addressOf(query) {
  const parts = new URLSearchParams();
  if (query.text) parts.set('text', query.text);
  if (query.regexp) parts.set('regexp', '1');
  if (query.without) parts.set('without', query.without);
  if (query.kind) parts.set('kind', query.kind);
  if (query.sort !== 'newest') parts.set('sort', query.sort);
  if (query.folder) parts.set('folder', query.folder);
  for (const tag of query.tags) parts.append('tag', tag);
  const text = parts.toString();
  return text ? `?${text}` : '';
}

/**
 * @param {Query} query
 * @param {string|null} cursor where the last page ended
 * @param {number} limit files a page
 * @returns {string} the address to ask for a page
 */
export function searchPath(query, cursor, limit) {
  const parts = new URLSearchParams();
  if (query.text) parts.set(query.regexp ? 'regexp' : 'text', query.text);
  for (const word of withoutWords(query)) parts.append('without', word);
  if (query.kind) parts.append('kind', query.kind);
  if (query.folder) parts.append('folder', query.folder);
  for (const tag of query.tags) parts.append('tag_id', tag);
  if (query.sort === 'random') parts.set('sort', 'random');
  if (cursor) parts.set('cursor', cursor);
  parts.set('limit', limit);
  parts.set('texts', 'true');
  return `/api/library/search?${parts}`;
}

/** @param {Query} query @returns {boolean} whether a folder is looked at, and nothing in it is searched for */
export function isFolderView(query) {
  return !query.text && !query.without && !query.kind && query.tags.length === 0 && query.sort === 'newest';
}

/** @param {Query} query @returns {string[]} */
export function withoutWords(query) {
  return query.without.split(',').map((word) => word.trim()).filter(Boolean);
}

/** @param {Query} query @param {number} tag @returns {Query} with the tag, or without it if it was there */
export function toggleTag(query, tag) {
  const has = query.tags.includes(tag);
  return { ...query, tags: has ? query.tags.filter((id) => id !== tag) : [...query.tags, tag] };
}
