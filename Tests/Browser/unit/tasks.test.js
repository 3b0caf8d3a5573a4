import { describeTask, groupTasks, initialTasks, reduceTasks } from '/state/tasks.js';
import { equal, test } from './check.js';

const NONE = { queued: 0, running: 0, done: 0, failed: 0, cancelled: 0 };
const task = (uuid, more = {}) => ({ uuid, name: 'long_task', params: {}, state: 'queued', attempt: 0, attempts: 3, created: 1, ...more });
const snapshot = (tasks, counts = {}) => ({ type: 'snapshot', topic: 'tasks', offset: 1, state: { tasks, counts: { ...NONE, ...counts } } });
const run = (messages, state = initialTasks()) => reduceTasks(state, messages);

test('a life from created to done moves the counts with it', () => {
  let state = run([snapshot([])]);
  state = run([{ type: 'task.created', task: 'a', info: task('a') }], state);
  equal(state.counts.queued, 1);
  state = run([{ type: 'task.started', task: 'a', attempt: 1, executor: { kind: 'local' }, at: 5 }], state);
  equal([state.counts.queued, state.counts.running], [0, 1]);
  equal([state.byId.get('a').started, state.byId.get('a').name], [5, 'long_task']);
  state = run([{ type: 'task.progress', task: 'a', attempt: 1, progress: { current: 1, total: 2 } }], state);
  equal(state.byId.get('a').progress.current, 1);
  state = run([{ type: 'task.finished', task: 'a', info: task('a', { state: 'done', finished: 9, started: 5 }) }], state);
  equal(state.counts, { ...NONE, done: 1 });
});

test('reducing leaves the state before untouched', () => {
  const before = run([snapshot([task('a')], { queued: 1 })]);
  run([{ type: 'task.started', task: 'a', attempt: 1, at: 5 }], before);
  equal([before.byId.get('a').state, before.counts.queued], ['queued', 1]);
});

test('a snapshot replaces everything', () => {
  const state = run([snapshot([task('b')], { queued: 7 })], run([snapshot([task('a')], { queued: 1 })]));
  equal([[...state.byId.keys()], state.counts.queued], [['b'], 7]);
});

test('progress of an attempt that has ended is ignored', () => {
  const state = run([
    snapshot([task('a', { state: 'running', attempt: 2 })], { running: 1 }),
    { type: 'task.progress', task: 'a', attempt: 1, progress: { current: 9 } },
  ]);
  equal(state.byId.get('a').progress, undefined);
});

test('a requeued task waits again without progress', () => {
  const state = run([
    snapshot([task('a', { state: 'running', attempt: 1, progress: { current: 3 } })], { running: 1 }),
    { type: 'task.requeued', task: 'a', attempt: 1, reason: 'worker_gone', at: 7 },
  ]);
  const { state: name, progress, requeues } = state.byId.get('a');
  equal([name, progress, requeues], ['queued', null, [{ attempt: 1, reason: 'worker_gone', at: 7 }]]);
  equal(state.counts, { ...NONE, queued: 1 });
});

test('why attempts ended is known to the end, and after a snapshot that does not tell it', () => {
  const ends = [{ attempt: 1, reason: 'worker_gone', at: 7 }, { attempt: 2, reason: 'failed', at: 9 }];
  let state = run([
    snapshot([task('a', { state: 'running', attempt: 1 })], { running: 1 }),
    { type: 'task.requeued', task: 'a', ...ends[0] },
    { type: 'task.started', task: 'a', attempt: 2, at: 8 },
    { type: 'task.requeued', task: 'a', ...ends[1] },
  ]);
  state = run([snapshot([task('a', { attempt: 2 }), task('b')], { queued: 2 })], state);
  equal([state.byId.get('a').requeues, state.byId.get('b').requeues], [ends, undefined]);
  state = run([{ type: 'task.finished', task: 'a', info: task('a', { state: 'cancelled', finished: 9 }) }], state);
  equal([state.byId.get('a').state, state.byId.get('a').requeues], ['cancelled', ends]);
});

test('of a task that is requeued forever the last ten ends are kept', () => {
  const life = (attempt) => [
    { type: 'task.started', task: 'a', attempt, at: attempt }, { type: 'task.requeued', task: 'a', attempt, reason: 'failed', at: attempt },
  ];
  const state = run([snapshot([task('a')], { queued: 1 }), ...Array.from({ length: 40 }, (_, n) => life(n + 1)).flat()]);
  equal(state.byId.get('a').requeues.map(({ attempt }) => attempt), [31, 32, 33, 34, 35, 36, 37, 38, 39, 40]);
});

test('a reason to wait goes to all queued tasks that require exactly that, in any order', () => {
  const requires = ['cuda', 'depth'];
  const waiting = (more) => ({ type: 'tasks.waiting', requires: ['depth', 'cuda'], ...more });
  const of = (state) => ['a', 'b', 'c', 'd'].map((uuid) => state.byId.get(uuid).waiting ?? null);
  let state = run([
    snapshot([task('a', { requires }), task('b', { requires: ['cuda'] }), task('c', { requires, state: 'running' }), task('d')]),
    waiting({ waiting: 'no worker offers depth' }),
  ]);
  equal(of(state), ['no worker offers depth', null, null, null]);
  state = run([waiting({})], state);
  equal(of(state), [null, null, null, null]);
});

test('a task that comes back to the queue waits for what is told next, and one that starts for nothing', () => {
  const requires = ['depth'];
  const waiting = { type: 'tasks.waiting', requires, waiting: 'no worker offers depth' };
  let state = run([
    snapshot([task('a', { requires, state: 'running', attempt: 1 })], { running: 1 }), waiting,
    { type: 'task.requeued', task: 'a', attempt: 1, reason: 'worker_gone', at: 7 },
  ]);
  equal(state.byId.get('a').waiting, null);
  state = run([waiting], state);
  equal(state.byId.get('a').waiting, 'no worker offers depth');
  state = run([{ type: 'task.started', task: 'a', attempt: 2, at: 8 }], state);
  equal(state.byId.get('a').waiting, null);
});

test('a reason of one task alone is its own, while it is queued', () => {
  const waiting = (name, text) => ({ type: 'task.waiting', task: name, waiting: text });
  let state = run([snapshot([task('a'), task('b', { state: 'running' })]), waiting('a', 'offered to gpu'), waiting('b', 'late'), waiting('x', 'who')]);
  equal([state.byId.get('a').waiting, state.byId.get('b').waiting, state.byId.has('x')], ['offered to gpu', undefined, false]);
  state = run([waiting('a', null)], state);
  equal(state.byId.get('a').waiting, null);
});

test('a task that the snapshot had no place for is begun, and described later', () => {
  let state = run([snapshot([], { queued: 600 }), { type: 'task.started', task: 'x', attempt: 1, at: 5 }]);
  equal([state.counts.queued, state.counts.running], [599, 1]);
  equal(state.byId.get('x').partial, true);
  state = describeTask(state, task('x', { name: 'scan', state: 'queued', attempt: 0 }));
  equal([state.byId.get('x').name, state.byId.get('x').state, state.byId.get('x').attempt], ['scan', 'running', 1]);
  equal(state.byId.get('x').partial, undefined);
});

test('a finished task that was not known leaves the count it must have been in', () => {
  const ended = (more) => ({ type: 'task.finished', task: 'x', info: task('x', { finished: 9, ...more }) });
  equal(run([snapshot([], { running: 1 }), ended({ state: 'done', started: 5 })]).counts, { ...NONE, done: 1 });
  equal(run([snapshot([], { queued: 1 }), ended({ state: 'cancelled' })]).counts, { ...NONE, cancelled: 1 });
});

test('fifty finished tasks are kept, the last ones, and every unfinished one', () => {
  const finished = Array.from({ length: 80 }, (_, n) => ({
    type: 'task.finished', task: `t${n}`, info: task(`t${n}`, { state: 'done', started: 1, finished: n }),
  }));
  const state = run([snapshot([task('q')], { queued: 1, running: 80 }), ...finished]);
  equal(state.byId.size, 51);
  equal(groupTasks(state).finished[0].uuid, 't79');
  equal(groupTasks(state).finished.at(-1).uuid, 't30');
  equal(state.counts.done, 80);
});

test('the queue is shown in the order it will be run', () => {
  const state = run([snapshot([task('late', { created: 9 }), task('early', { created: 2 }), task('urgent', { created: 9, priority: 5 })])]);
  equal(groupTasks(state).queued.map((entry) => entry.uuid), ['urgent', 'early', 'late']);
});

test('events of unknown types are ignored', () => {
  equal(run([{ type: 'task.sneezed', task: 'a' }]).byId.size, 0);
});
