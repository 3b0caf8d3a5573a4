import { initialTaskLog, reduceTaskLog } from '/state/task-log.js';
import { equal, test } from './check.js';

const line = (n) => ({ type: 'task.log', at: n, level: 'info', message: `line ${n}` });

test('a snapshot begins the log and events go on from it', () => {
  const state = reduceTaskLog(initialTaskLog(), [
    { type: 'snapshot', state: { task: null, log: [{ at: 1, level: 'info', message: 'first' }] } }, line(2),
  ]);
  equal([state.known, state.lines.map((entry) => entry.message)], [true, ['first', 'line 2']]);
});

test('two hundred lines are kept, the last ones', () => {
  const state = reduceTaskLog(initialTaskLog(), Array.from({ length: 500 }, (_, n) => line(n)));
  equal([state.lines.length, state.lines[0].at], [200, 300]);
});

test('a requeue is told between the lines, progress is not', () => {
  const state = reduceTaskLog(initialTaskLog(), [
    { type: 'task.requeued', at: 3, attempt: 1, reason: 'restart' }, { type: 'task.progress', at: 4, progress: {} },
  ]);
  equal(state.lines, [{ at: 3, level: 'warning', message: 'Attempt 1 ended: restart' }]);
});
