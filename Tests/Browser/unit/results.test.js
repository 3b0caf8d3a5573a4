import { addPage, beginPage, beginSearch, failSearch, initialResults, reduceResults } from '/state/results.js';
import { equal, test } from './check.js';

const item = (id, more = {}) => ({ id, sha256: `h${id}`, name: `p${id}.png`, tags: [], ...more });
const ids = (state) => state.items.map((entry) => entry.id);
const found = (...numbers) => addPage(beginSearch(initialResults()), 1, true, { items: numbers.map((id) => item(id)), cursor: 'c' });

test('a first page replaces what was there, further ones are appended without repeats', () => {
  const state = addPage(beginPage(found(3, 2)), 1, false, { items: [item(2), item(1)], cursor: null });
  equal([ids(state), state.cursor, state.loading], [[3, 2, 1], null, false]);
  const next = beginSearch(state);
  equal([ids(next), next.loading, next.cursor], [[3, 2, 1], true, null]);
  equal(ids(addPage(next, 2, true, { items: [item(9)], cursor: null })), [9]);
});

test('an answer to an earlier search changes nothing', () => {
  const state = beginSearch(found(1));
  equal(addPage(state, 1, true, { items: [item(5)], cursor: null }) === state, true);
  equal(failSearch(state, 1, true, 'late', true) === state, true);
});

test('a search that fails leaves nothing of the one before, a further page that fails leaves what was found', () => {
  const refused = failSearch(beginSearch(found(2, 1)), 2, true, 'no', true);
  equal([ids(refused), refused.failure, refused.refused, refused.loading], [[], 'no', true, false]);
  equal([beginSearch(refused).failure, beginSearch(refused).refused], [null, false]);
  const cut = failSearch(beginPage(found(2, 1)), 1, false, 'no answer', false);
  equal([ids(cut), cut.cursor, cut.failure, cut.refused], [[2, 1], 'c', 'no answer', false]);
});

test('what changed or went is shown as it is now; what is new is announced', () => {
  const state = reduceResults(found(3, 2, 1), [
    { type: 'library.changed', items: [item(2, { tags: ['like'], thumbnail: '/t' }), item(77)] },
    { type: 'library.removed', items: [{ id: 3, sha256: 'h3' }] },
  ]);
  equal([ids(state), state.items[0].tags, state.items[0].thumbnail, state.fresh], [[2, 1], ['like'], '/t', false]);
  equal(reduceResults(state, [{ type: 'library.added', items: [item(50)] }]).fresh, true);
  equal(reduceResults(state, [{ type: 'library.counts', counts: {} }]) === state, true);
});

test('an item that lost its last tag shows none', () => {
  const tagged = addPage(beginSearch(initialResults()), 1, true, { items: [item(1, { tags: ['a'] })], cursor: null });
  const { tags, ...untagged } = item(1);
  equal(reduceResults(tagged, [{ type: 'library.changed', items: [untagged] }]).items[0].tags, []);
});

test('a file whose hash is known now is no news when it is shown already', () => {
  const state = reduceResults(found(1), [{ type: 'library.added', items: [item(1, { sha256: 'new' })] }]);
  equal([state.fresh, state.items[0].sha256], [false, 'new']);
});
