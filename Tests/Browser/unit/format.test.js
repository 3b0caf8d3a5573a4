import { mayOperate } from '/state/roles.js';
import { newTaskId } from '/protocol/task-id.js';
import { age, brief, count, duration, shortId, size } from '/views/format.js';
import { equal, test } from './check.js';

test('durations grow from tenths to days', () => {
  const shown = [-5, 0, 990, 9_990, 12_400, 59_999, 184_000, 7_500_000, 360_000_000].map(duration);
  equal(shown, ['0.0 s', '0.0 s', '0.9 s', '9.9 s', '12 s', '59 s', '3 min 04 s', '2 h 05 min', '4 d 4 h']);
  equal([age(990), age(12_400)], ['0 s', '12 s']);
});

test('sizes have three digits and never a thousand of a unit', () => {
  equal([0, 999, 1000, 757_833, 999_600, 1_234_567_890].map(size), ['0 B', '999 B', '1 kB', '758 kB', '1 MB', '1.23 GB']);
});

test('what is missing is a dash', () => {
  equal([count(undefined), size(null), count(1234567)], ['–', '–', '1,234,567']);
});

test('identifiers are shortened only when they are UUIDs', () => {
  equal(shortId('0b1e2f3a-0000-4000-8000-000000000000'), '0b1e2f3a');
  equal([shortId('app/metrics'), shortId('nightly-scan')], ['app/metrics', 'nightly-scan']);
});

test('parameters stand in one line', () => {
  equal([brief({ steps: 4, path: '/a b', deep: { x: 1 } }), brief(null)], ['steps 4, path /a b, deep {"x":1}', '']);
});

test('task ids are UUIDs of version 4, all different', () => {
  const made = new Set(Array.from({ length: 1000 }, newTaskId));
  equal(made.size, 1000);
  for (const id of made) equal(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id), true, id);
});

test('operators and admins run tasks, nobody else', () => {
  equal(['viewer', 'worker', 'operator', 'admin', undefined, 'root'].map(mayOperate), [false, false, true, true, false, false]);
});
