import { forgetWorkers, GONE_SHOWN, initialWorkers, reduceWorkers, workerKey } from '/state/workers.js';
import { summarizeWorkers, totalOf } from '/state/worker-summary.js';
import { equal, test } from './check.js';

const MINUTE = 60_000;
const START = 1_000_000_000;

const worker = (more = {}) => ({ capabilities: ['depth'], slots: 2, busy: 0, tasks: [], done: 0, failed: 0, ...more });
const peer = (id, more = {}, counts = {}) =>
  ({ id, kind: 'worker', name: `box-${id}`, protocol: 'vitrine.v1', since: START, address: '10.0.0.7', worker: worker(counts), ...more });
const socketIO = (id, more = {}) => ({ id, kind: 'script', protocol: 'eio3', since: START, address: '10.0.0.8', ...more });
const clients = (...list) => ({ type: 'snapshot', topic: 'clients', state: { clients: list } });
const tasks = (...list) => ({ type: 'snapshot', topic: 'tasks', state: { tasks: list } });
const joined = (info, at = START) => ({ type: 'client.joined', client: info.id, info, at });
const changed = (info, at = START) => ({ type: 'client.changed', client: info.id, info, at });
const left = (client, at = START) => ({ type: 'client.left', client, at });
const started = (task, executor, at = START) => ({ type: 'task.started', task, attempt: 1, executor, at });
const ended = (uuid, executor, at = START, more = {}) =>
  ({ type: 'task.finished', task: uuid, at, info: { uuid, state: 'done', executor, started: at, finished: at, ...more } });
const requeued = (task, reason, at = START) => ({ type: 'task.requeued', task, attempt: 1, reason, at });
const on = (client, kind = 'peer', name = undefined) => ({ kind, client, name });

/** Folds messages and tells what is shown; each batch is [messages, now]. */
const fold = (...batches) => batches.reduce((state, [messages, now]) => reduceWorkers(state, messages, now), initialWorkers());
const shown = (state, { now = state.heard, byId = [] } = {}) =>
  summarizeWorkers(state, new Map(byId.map((task) => [task.uuid, task])), now);

test('a worker that joins is shown as it describes itself', () => {
  const [one] = shown(fold([[clients(), joined(peer('a', {}, { slots: 4, busy: 1, done: 7 }))], START]));
  equal([one.name, one.kind, one.state, one.busy, one.slots, one.done, one.address, one.capabilities],
    ['box-a', 'worker', 'busy', 1, 4, 7, '10.0.0.7', ['depth']]);
});

test('dashboards and scripts are no workers, and a client that turns into one is', () => {
  const plain = { id: 'p', kind: 'script', protocol: 'vitrine.v1', since: START };
  const state = fold([[clients(plain, socketIO('front')), joined({ ...plain, id: 'q' })], START]);
  equal(shown(state), []);
  equal(shown(reduceWorkers(state, [changed(peer('q'))], START)).map((one) => one.key), ['q']);
});

test('a change that comes after leaving brings nobody back', () => {
  const [one] = shown(fold([[joined(peer('a')), left('a'), changed(peer('a', {}, { busy: 1 }))], START]));
  equal([one.state, one.busy], ['gone', 0]);
});

test('idle, busy, full and closed follow the slots', () => {
  const stateOf = (counts) => shown(fold([[clients(peer('a', {}, counts))], START]))[0].state;
  equal([{ busy: 0 }, { busy: 1 }, { busy: 2 }, { busy: 3 }, { slots: 0 }].map(stateOf), ['idle', 'busy', 'full', 'full', 'closed']);
});

test('the rate comes from what the counts grow by, also when events between were left out', () => {
  const state = fold(
    [[clients(peer('a'))], START],
    [[changed(peer('a', {}, { done: 3 }), START + MINUTE)], START + MINUTE],
    [[changed(peer('a', {}, { done: 10, failed: 2 }), START + 2 * MINUTE)], START + 2 * MINUTE],
  );
  equal(shown(state)[0].rate, 6);
  equal(shown(state, { now: START + 5.5 * MINUTE })[0].rate, 12 / 5);
  equal(shown(state, { now: START + 6.5 * MINUTE })[0].rate, 9 / 5);
  equal(shown(state, { now: START + 8 * MINUTE })[0].rate, 0);
});

test('events about tasks do not count twice what a worker counts itself', () => {
  const state = fold([[clients(peer('a')), started('t', on('a')), ended('t', on('a')), changed(peer('a', {}, { done: 1 }))], START]);
  equal([shown(state)[0].rate, shown(state)[0].done], [1, 1]);
});

test('a worker met for the first time is judged by all of its time', () => {
  const state = fold([[clients(peer('a', { since: START - 10 * MINUTE }, { done: 20 }))], START]);
  equal(shown(state)[0].rate, 2);
});

test('what happened while the page was cut off is spread over that time', () => {
  const state = fold(
    [[clients(peer('a'))], START],
    [[clients(peer('a', {}, { done: 60 }))], START + 10 * MINUTE],
  );
  equal(shown(state)[0].rate, 6);
});

test('replayed events count when they happened, not when they came', () => {
  const state = fold(
    [[clients(peer('a'))], START],
    [[changed(peer('a', {}, { done: 9 }), START + MINUTE)], START + 8 * MINUTE],
  );
  equal([shown(state)[0].rate, shown(state)[0].done], [0, 9]);
});

test('the last error is kept with its time, and one from before has none', () => {
  let state = fold([[clients(peer('a', {}, { last_error: 'old' }))], START]);
  equal(shown(state)[0].error, { text: 'old', at: null });
  state = reduceWorkers(state, [changed(peer('a', {}, { last_error: 'oom: too big' }), START + 5)], START + 5);
  state = reduceWorkers(state, [changed(peer('a', {}, { last_error: 'oom: too big', done: 1 }), START + 9)], START + 9);
  equal(shown(state)[0].error, { text: 'oom: too big', at: START + 5 });
});

test('a worker that leaves says so with what it took along, and is forgotten in time', () => {
  const state = fold([[
    clients(peer('a')), started('t', on('a')), started('u', on('a')), started('v', on('a')),
    requeued('t', 'worker_gone', START + 1), requeued('u', 'worker_gone', START + 1),
    ended('v', on('a'), START + 1, { state: 'failed', error: { code: 'worker_lost', message: '' } }),
    left('a', START + 2),
  ], START + 3]);
  const [one] = shown(state);
  equal([one.state, one.gone, one.lost], ['gone', { at: START + 2, noticed: START + 3 }, { requeued: 2, failed: 1 }]);
  equal(shown(forgetWorkers(state, START + 2 + GONE_SHOWN)).length, 1);
  equal(shown(forgetWorkers(state, START + 3 + GONE_SHOWN)), []);
  equal(forgetWorkers(state, START + 4) === state, true, 'the same state');
});

test('a worker that comes back takes the place of the one that went', () => {
  const state = fold([[clients(peer('a', { name: 'gpu' }), peer('b', { name: 'cpu' })), left('a'), left('b')], START],
    [[joined({ id: 'c', kind: 'script', protocol: 'vitrine.v1', since: START }), changed(peer('c', { name: 'gpu' }))], START]);
  equal(shown(state).map((one) => [one.name, one.key, one.state]), [['cpu', 'b', 'gone'], ['gpu', 'c', 'idle']]);
});

test('a snapshot after a cut shows who left meanwhile', () => {
  const state = fold([[clients(peer('a'), peer('b'))], START], [[clients(peer('b'))], START + MINUTE]);
  equal(shown(state).map((one) => [one.key, one.state, one.gone]),
    [['a', 'gone', { at: null, noticed: START + MINUTE }], ['b', 'idle', null]]);
});

test('the tasks of a worker are those it names and those that were started on it', () => {
  const state = fold([[tasks(), clients(peer('a', {}, { busy: 3, tasks: ['told', 'over', 'moved', 'stopping', 'unknown'] })),
    started('run', on('a')), started('moved', on('b'))], START]);
  const byId = [['run', 'running'], ['told', 'queued'], ['over', 'done'], ['moved', 'running'], ['stopping', 'cancelled']]
    .map(([uuid, name]) => ({ uuid, state: name }));
  equal(shown(state, { byId })[0].tasks.map(({ id, task }) => [id, task?.state ?? null]),
    [['run', 'running'], ['told', 'queued'], ['stopping', 'cancelled'], ['unknown', null]]);
});

test('a snapshot of the tasks says anew who runs what', () => {
  const running = (uuid, client) => ({ uuid, state: 'running', executor: on(client), started: START });
  const state = fold([[tasks(running('t', 'a'), running('u', 'a')), clients(peer('a', { worker: null }))], START],
    [[tasks(running('u', 'a')), clients(peer('a', { worker: null }))], START]);
  equal(shown(state)[0].tasks.map(({ id }) => id), ['u']);
});

test('a Socket.IO worker has no slots, and is counted by its tasks', () => {
  const me = on('s', 'socketio');
  let state = fold([[tasks(), clients(socketIO('s')), started('t', me)], START]);
  let [one] = shown(state);
  equal([one.kind, one.slots, one.state, one.busy, one.counted], ['Socket.IO', null, 'busy', 1, false]);
  state = reduceWorkers(state, [
    { type: 'task.log', task: 't', level: 'info', message: 'fine', at: START },
    { type: 'task.log', task: 't', level: 'error', message: 'no such file', at: START + 1 },
    { type: 'task.log', task: 't', level: 'warning', message: 'slow', at: START + 2 },
    { type: 'task.log', task: 'other', level: 'error', message: 'not mine', at: START + 2 },
  ], START + 2);
  equal([shown(state)[0].error, shown(state)[0].failed], [{ text: 'no such file', at: START + 1 }, 0]);
  state = reduceWorkers(state, [
    ended('t', me, START + 3), started('u', me),
    ended('u', me, START + 4, { state: 'failed', error: { code: 'oom', message: 'too big' } }),
    ended('w', me, START + 5, { state: 'cancelled' }),
  ], START + MINUTE);
  [one] = shown(state);
  equal([one.state, one.done, one.failed, one.rate, one.error], ['idle', 1, 1, 2, { text: 'oom: too big', at: START + 4 }]);
});

test('what the server writes into the record of a Socket.IO worker is not taken for slots and counts', () => {
  const record = socketIO('s', { kind: 'worker', worker: worker({ capabilities: [], slots: 2, busy: 2, tasks: ['t', 'u'] }) });
  const byId = [{ uuid: 't', state: 'done' }, { uuid: 'u', state: 'running' }];
  const state = fold([[tasks(), clients(socketIO('s')), changed(record), started('t', on('s', 'socketio')),
    started('u', on('s', 'socketio')), ended('t', on('s', 'socketio'))], START]);
  const [one] = shown(state, { byId });
  equal([one.kind, one.slots, one.busy, one.state, one.done, one.counted, one.tasks.map(({ id }) => id)],
    ['Socket.IO', null, 1, 'busy', 1, false, ['u']]);
});

test('Celery is one row a name, known by its tasks, and forgotten when idle for long', () => {
  const images = on('celery@host', 'celery', 'images');
  const state = fold([[tasks(), clients(), started('t', images), started('u', images), started('x', on(null, 'celery', 'video'))], START],
    [[ended('t', images, START + 1), requeued('u', 'worker_failed', START + 2)], START + 2]);
  const [one, other] = shown(state);
  equal([one.key, one.name, one.kind, one.done, one.failed, one.state], ['celery/images', 'images', 'Celery', 1, 1, 'idle']);
  equal([other.name, other.state, other.tasks.map(({ id }) => id)], ['video', 'busy', ['x']]);
  equal(shown(forgetWorkers(state, START + 10 * MINUTE)).map(({ name }) => name), ['video']);
});

test('finished tasks of a snapshot are counted once, also when it comes again', () => {
  const images = on(undefined, 'celery', 'images');
  const done = (uuid, finished) => ({ uuid, state: 'done', executor: images, started: finished - 1, finished });
  const state = fold(
    [[tasks(done('a', START - 20), done('b', START - 10)), clients()], START],
    [[ended('c', images, START + 5)], START + 5],
    [[tasks(done('b', START - 10), done('c', START + 5), done('d', START + 9)), clients()], START + 20],
  );
  equal([shown(state)[0].done, shown(state)[0].rate], [4, 4]);
});

test('where the snapshot ends, the rate is that of the time it covers', () => {
  const images = on(undefined, 'celery', 'images');
  const many = Array.from({ length: 50 }, (_, n) =>
    ({ uuid: `t${n}`, state: 'done', executor: images, started: START - 9 * MINUTE, finished: START - MINUTE + n }));
  equal(shown(fold([[tasks(...many), clients()], START]))[0].rate, 50);
});

test('who ran finished tasks and is not here is not shown', () => {
  const state = fold([[tasks({ uuid: 't', state: 'done', executor: on('old'), started: 1, finished: START }), clients()], START]);
  equal([shown(state), state.entries.size], [[], 0]);
});

test('workers stand in the order of their names and add up', () => {
  const state = fold([[tasks(), clients(peer('z', { name: 'alpha' }, { slots: 3, busy: 2 }), peer('y', { name: 'beta' }, { busy: 1 }),
    peer('x', { name: 'alpha', since: START - 1 })), started('t', on('s', 'socketio')), left('x')], START],
  [[joined(socketIO('s')), started('t', on('s', 'socketio'))], START]);
  equal(shown(state).map((one) => one.key), ['x', 'z', 'y', 's']);
  equal(totalOf(shown(state)), { workers: 3, slots: 5, busy: 3, rate: 0 });
});

test('an executor names its row, and the server itself has none', () => {
  equal([on('a'), on('s', 'socketio'), on('w', 'celery', 'q'), on('w', 'celery'), { kind: 'local' }, null, { kind: 'peer' }].map(workerKey),
    ['a', 's', 'celery/q', 'celery/w', null, null, null]);
});

test('reducing leaves the state before untouched, and unknown messages are ignored', () => {
  const before = fold([[clients(peer('a')), started('t', on('a'))], START]);
  const copy = JSON.stringify([...before.entries, ...before.runs, ...before.present]);
  const after = reduceWorkers(before, [changed(peer('a', {}, { done: 1 })), ended('t', on('a')), left('a'),
    { type: 'task.sneezed' }, { type: 'snapshot', topic: 'weather', state: {} }, requeued('nobody', 'failed')], START);
  equal(JSON.stringify([...before.entries, ...before.runs, ...before.present]), copy);
  equal(after.present.size, 0);
});
