/** What a task's row says of who runs it, of attempts and of waiting. Pure. */

import { clock, shortId } from './format.js';

const EXECUTORS = { local: 'local', peer: 'worker', celery: 'Celery', socketio: 'Socket.IO' };

/** Why an attempt ended (contract: §5, `task.requeued`). */
const REASONS = {
  worker_gone: 'its worker has gone',
  lease_expired: 'its worker fell silent',
  worker_failed: 'its worker failed',
  failed: 'it failed',
  restart: 'the server was restarted',
  shutdown: 'the server was stopped',
};

/** @param {object|null|undefined} executor @returns {string} `local`, `worker gpu-box`, `Celery images`; empty for none */
export function executorWords(executor) {
  if (!executor) return '';
  const kind = EXECUTORS[executor.kind] ?? executor.kind;
  const name = executor.name ?? (executor.client ? shortId(executor.client) : '');
  const isSaid = executor.kind === 'local' || name.toLowerCase() === kind.toLowerCase();
  return name === '' || isSaid ? kind : `${kind} ${name}`;
}

/** @param {object} task @returns {string} `attempt 2 of 3`; empty while the first is all there is to say */
export function attemptWords(task) {
  if (!(task.attempt > 1) && task.state !== 'failed') return '';
  return `attempt ${task.attempt}${of(task)}`;
}

/** @param {object} task @returns {string[]} one line for each attempt that this page saw end */
export function requeueLines(task) {
  return (task.requeues ?? []).map(({ attempt, reason, at }) =>
    `${clock(at)} attempt ${attempt}${of(task)}: ${reasonWords(reason)}`);
}

/** @param {object} task @returns {string} what is to be known before opening it: why it failed, why it waits or runs again */
export function noteWords(task) {
  if (task.state === 'failed' && task.error) return `${task.error.code}: ${task.error.message}`;
  const last = task.requeues?.at(-1);
  const again = last ? `attempt ${last.attempt}${of(task)} ended: ${reasonWords(last.reason)}` : '';
  if (task.state === 'queued') return [task.waiting, again].filter(Boolean).join(' · ');
  return task.state === 'running' ? again : '';
}

function of({ attempts }) {
  return attempts ? ` of ${attempts}` : '';
}

function reasonWords(reason) {
  return REASONS[reason] ?? String(reason).replaceAll('_', ' ');
}
