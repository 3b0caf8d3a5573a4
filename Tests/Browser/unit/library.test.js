import { initialLibrary, reduceLibrary } from '/state/library.js';
import { equal, test } from './check.js';

const item = (id, more = {}) => ({ id, sha256: `h${id}`, name: `p${id}.png`, added: id, ...more });
const ids = (state) => state.newest.map((entry) => entry.id);
const added = (...numbers) => ({ type: 'library.added', items: numbers.map((id) => item(id)) });

test('the newest come first, and twenty-four of them are kept', () => {
  const state = reduceLibrary(initialLibrary(), Array.from({ length: 100 }, (_, n) => added(n)));
  equal(state.newest.length, 24);
  equal([ids(state)[0], ids(state).at(-1)], [99, 76]);
});

test('many in one event end the same as one by one', () => {
  const numbers = Array.from({ length: 100 }, (_, n) => n);
  const together = reduceLibrary(initialLibrary(), [added(...numbers)]);
  const apart = reduceLibrary(initialLibrary(), numbers.map((n) => added(n)));
  equal(ids(together), ids(apart));
});

test('a thumbnail that is made later arrives, and unknown items stay out', () => {
  const state = reduceLibrary(initialLibrary(), [
    added(1), { type: 'library.changed', items: [{ id: 1, thumbnail: '/t/1' }, { id: 9, thumbnail: '/t/9' }] },
  ]);
  equal(state.newest, [item(1, { thumbnail: '/t/1' })]);
});

test('what is removed goes, and counts are the ones told', () => {
  const state = reduceLibrary(initialLibrary(), [
    { type: 'snapshot', state: { counts: { contents: 2, files: 2, bytes: 5 }, newest: [item(1), item(2)] } },
    { type: 'library.removed', items: [{ id: 1, sha256: 'h1' }] },
    { type: 'library.counts', counts: { contents: 1, files: 1, bytes: 3 } },
  ]);
  equal([ids(state), state.counts], [[2], { contents: 1, files: 1, bytes: 3 }]);
});
