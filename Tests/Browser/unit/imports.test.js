import { choose, initialImports, showOutcome, showWaiting } from '/state/imports.js';
import { equal, test } from './check.js';

const models = [1, 2, 3, 4].map((id) => ({ id, name: `m${id}` }));
const conflict = (id) => ({ pending: { id, path: `/p/${id}` }, existing: { id: 'h', path: '/e' } });
const answer = (parts) => ({ success: [], conflict: [], ignored: [], deleted: [], failed: [], ...parts });
const chosen = (...ids) => choose(showWaiting(initialImports(), models), ids, true);

test('what is chosen can be taken back, and goes with what is gone', () => {
  equal([...choose(chosen(1, 2, 3), [2], false).chosen], [1, 3]);
  equal([...showWaiting(chosen(1, 2), models.slice(1)).chosen], [2]);
});

test('an import leaves conflicts and failures, and says what became of the rest', () => {
  const state = showOutcome(chosen(1, 2, 3), [1, 2, 3],
    answer({ success: [1], conflict: [conflict(2)], failed: [{ id: 3, error: 'SHA256 calculation failed' }] }));
  equal([...state.chosen], []);
  equal(state.conflicts, [conflict(2)]);
  equal(state.failures, [{ id: 3, name: 'm3', error: 'SHA256 calculation failed' }]);
  equal(state.summary, '1 imported, 1 in the gallery already, 1 failed.');
});

test('a decision ends its conflict and no other; what is gone is in none', () => {
  const before = showOutcome(chosen(1, 2), [1, 2], answer({ conflict: [conflict(1), conflict(2)] }));
  const state = showOutcome(before, [1], answer({ ignored: [1] }));
  equal([state.conflicts, state.summary], [[conflict(2)], '1 left waiting.']);
  equal(showOutcome(before, [1], answer({ deleted: [1] })).summary, '1 dropped.');
  equal(showWaiting(before, models.slice(1)).conflicts, [conflict(2)]);
  equal(showOutcome(before, [9], answer({})).summary, 'Nothing was imported.');
});
