import { clear, entryOf, initialInspector, KEPT, pretty, record, setPaused, visibleEntries } from '/state/inspector.js';
import { equal, test } from './check.js';

const ALL = { text: '', family: '' };
const entry = (n, message = { type: 'task.log', offset: n }) => entryOf(n, message, JSON.stringify(message), 0);
const numbers = (state, filter = ALL) => visibleEntries(state, filter).map((shown) => shown.number);

test('the newest message is shown first', () => {
  equal(numbers(record(initialInspector(), [entry(1), entry(2)])), [2, 1]);
});

test('what is kept is bounded, paused or not', () => {
  const many = Array.from({ length: 2 * KEPT }, (_, n) => entry(n + 1));
  for (const paused of [false, true]) {
    const state = record(setPaused(initialInspector(), paused), many);
    equal([state.entries.length, state.received], [KEPT, 2 * KEPT]);
  }
});

test('while paused nothing new is shown, and afterwards all that came', () => {
  let state = setPaused(record(initialInspector(), [entry(1)]), true);
  state = record(state, [entry(2)]);
  equal(numbers(state), [1]);
  equal(numbers(setPaused(state, false)), [2, 1]);
});

test('clearing empties what is shown and stays paused', () => {
  const state = clear(setPaused(record(initialInspector(), [entry(1)]), true));
  equal([numbers(state), numbers(record(state, [entry(2)])), state.received], [[], [], 0]);
});

test('filters by text in any case, and by the family of the type', () => {
  const state = record(initialInspector(), [
    entry(1, { type: 'task.log', offset: 1, message: 'Tile THREE' }),
    entry(2, { type: 'client.left', offset: 2, client: 'three' }),
    entry(3, { type: 'pong', at: 3 }),
  ]);
  equal(numbers(state, { text: ' three ', family: '' }), [2, 1]);
  equal(numbers(state, { text: 'three', family: 'task' }), [1]);
  equal(numbers(record(state, [entry(4, { type: 'tasks.waiting', offset: 4, requires: [] })]), { text: '', family: 'task' }), [4, 1]);
  equal(numbers(state, { text: '', family: 'control' }), [3]);
  equal(numbers(state, { text: 'none', family: '' }), []);
});

test('a message of a quarter megabyte is cut, and shown as it is', () => {
  const long = entry(1, { type: 'app.message', offset: 1, data: 'x'.repeat(262_144) });
  equal(long.text.length < 21_000, true);
  equal(pretty(long.text), long.text);
  equal(pretty('{"a":1}'), '{\n  "a": 1\n}');
});

test('one line tells what a message is about', () => {
  equal(entry(1, { type: 'task.progress', offset: 1, task: 't', progress: { current: 3, total: 9 } }).gist, '3 / 9');
  equal(entry(1, { type: 'resync', reason: 'slow', topics: ['tasks'] }).gist, 'slow: tasks');
  equal(entry(1, { type: 'library.added', offset: 1, items: [{}] }).gist, '1 item');
  equal(entry(1, { type: 'tasks.waiting', offset: 1, requires: ['x'], waiting: 'no worker offers x' }).gist, 'no worker offers x');
  equal(entry(1, { type: 'tasks.waiting', offset: 1, requires: ['x', 'y'], waiting: null }).gist, 'x, y: nothing in the way');
  equal(entry(1, { type: 'task.waiting', offset: 1, task: 't', waiting: 'offered' }).gist, 'offered');
  equal(entry(1, { type: 'weather' }).gist, '');
});
