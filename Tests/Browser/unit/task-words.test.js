import { rate } from '/views/format.js';
import { attemptWords, executorWords, noteWords, requeueLines } from '/views/task-words.js';
import { equal, test } from './check.js';

const ended = (attempt, reason) => ({ attempt, reason, at: 0 });

test('who runs a task is told by kind and name', () => {
  const uuid = '0b1e2f3a-0000-4000-8000-000000000000';
  equal([{ kind: 'local' }, { kind: 'peer', client: 'c', name: 'gpu' }, { kind: 'socketio', client: uuid },
    { kind: 'celery', name: 'images' }, { kind: 'celery', name: 'celery' }, { kind: 'abacus' }, null].map(executorWords),
  ['local', 'worker gpu', 'Socket.IO 0b1e2f3a', 'Celery images', 'Celery', 'abacus', '']);
});

test('attempts are told when there was more than one, or none left', () => {
  equal([{ attempt: 1, attempts: 3, state: 'running' }, { attempt: 2, attempts: 3, state: 'running' },
    { attempt: 1, attempts: 1, state: 'failed' }, { attempt: 2, state: 'done' }].map(attemptWords),
  ['', 'attempt 2 of 3', 'attempt 1 of 1', 'attempt 2']);
});

test('a queued task says why it waits, and why again', () => {
  const task = { state: 'queued', attempts: 3 };
  equal(noteWords(task), '');
  equal(noteWords({ ...task, waiting: 'no worker offers depth' }), 'no worker offers depth');
  equal(noteWords({ ...task, waiting: 'no worker offers depth', requeues: [ended(1, 'lease_expired'), ended(2, 'worker_gone')] }),
    'no worker offers depth · attempt 2 of 3 ended: its worker has gone');
});

test('a running task says why it is not the first attempt, a finished one only its error', () => {
  const requeues = [ended(1, 'moon_phase')];
  equal(noteWords({ state: 'running', attempts: 3, requeues }), 'attempt 1 of 3 ended: moon phase');
  equal(noteWords({ state: 'done', requeues }), '');
  equal(noteWords({ state: 'failed', requeues, error: { code: 'oom', message: 'too big' } }), 'oom: too big');
});

test('each attempt that ended is a line', () => {
  const lines = requeueLines({ attempts: 3, requeues: [ended(1, 'restart'), ended(2, 'failed')] });
  equal(lines.map((line) => line.slice(9)), ['attempt 1 of 3: the server was restarted', 'attempt 2 of 3: it failed']);
  equal(requeueLines({}), []);
});

test('rates have one digit at most, and what is rare is not zero', () => {
  equal([0, 0.02, 0.25, 12, 1234.56].map(rate), ['0 / min', '< 0.1 / min', '0.3 / min', '12 / min', '1,234.6 / min']);
});
