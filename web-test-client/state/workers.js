/**
 * Who runs tasks, folded from the topics `clients` and `tasks` in the order their messages came (contract: §5,
 * §6). Connected workers are clients; Celery has no connection and is known by the tasks that run there. A pure
 * reducer, the clock is handed in.
 */

import { addAmount, WINDOW } from './rate.js';

/** How long a worker that has gone stays in the list, ms. */
export const GONE_SHOWN = 30_000;
/** Finished tasks in a snapshot; fewer mean that there are no others. */
const FINISHED_IN_SNAPSHOT = 50;

/** @typedef {import('./rate.js').Amount} Amount */
/** @typedef {{text: string, at: number|null}} Complaint `at` null: before this page looked */

/**
 * @typedef {object} Entry
 * @property {string} key the client's id, or `celery/<name>`
 * @property {object|null} record the client as last told; null for what has no connection
 * @property {object|null} executor as its last task named it
 * @property {Amount[]} ended what the worker itself counts, by time
 * @property {Complaint|null} error the worker's own last error
 * @property {{done: number, failed: number, ended: Amount[], error: Complaint|null}} tally what its tasks told,
 *   for workers that count nothing themselves
 * @property {{requeued: number, failed: number}} lost tasks it took along when its connection ended
 * @property {number} first when this page first met it, ms
 * @property {number} last when it last did something, ms
 * @property {{at: number|null, noticed: number}|null} gone `at` by the server; null when it left unseen
 */

/**
 * @typedef {object} Workers
 * @property {boolean} known false before the first snapshot
 * @property {Set<string>} present ids of all clients that are connected
 * @property {Map<string, Entry>} entries those that run tasks, and those that still may
 * @property {Map<string, string>} runs which entry runs which task
 * @property {number} tallied when the last task ended that the tallies hold, ms
 * @property {number} tallyFrom from when on the tallies are complete, ms
 * @property {number} heard when the last message came, ms
 */

/** @returns {Workers} */
export function initialWorkers() {
  return { known: false, present: new Set(), entries: new Map(), runs: new Map(), tallied: 0, tallyFrom: 0, heard: 0 };
}

/**
 * @param {Workers} state
 * @param {object[]} messages snapshots and events of `clients` and `tasks`, in order
 * @param {number} now by the server's clock, ms
 * @returns {Workers} a new state
 */
export function reduceWorkers(state, messages, now) {
  const next = { ...state, entries: new Map(state.entries), runs: new Map(state.runs) };
  // A server may have twenty thousand clients: their ids are copied only when they change.
  if (messages.some(({ type }) => type.startsWith('client.'))) next.present = new Set(state.present);
  for (const message of messages) {
    if (message.type === 'snapshot') SNAPSHOTS[message.topic]?.(next, message.state, now);
    else EVENTS[message.type]?.(next, message, now);
  }
  next.heard = now;
  return forgetWorkers(next, now);
}

/**
 * @param {Workers} state
 * @param {number} now by the server's clock, ms
 * @returns {Workers} without those that have been gone, or without a connection idle, for long; the same state
 *   when there are none
 */
export function forgetWorkers(state, now) {
  const running = new Set(state.runs.values());
  const over = [...state.entries.values()].filter((entry) =>
    entry.gone ? now - entry.gone.noticed >= GONE_SHOWN
      : isCelery(entry) && !running.has(entry.key) && now - entry.last >= WINDOW);
  if (over.length === 0) return state;
  const entries = new Map(state.entries);
  for (const { key } of over) entries.delete(key);
  return { ...state, entries };
}

/** @param {Entry} entry @returns {boolean} whether it runs tasks; a client that may yet is kept, and not shown */
export function isWorker({ key, record, executor }) {
  return isCelery({ key }) || (record !== null && (record.kind === 'worker' || record.worker != null || executor !== null));
}

/** @param {object|null|undefined} executor of a task @returns {string|null} key of its entry; null for the server itself */
export function workerKey(executor) {
  if (executor?.kind === 'celery') return `celery/${executor.name ?? executor.client ?? ''}`;
  return executor?.kind === 'peer' || executor?.kind === 'socketio' ? executor.client ?? null : null;
}

const SNAPSHOTS = {
  clients: (next, { clients }, now) => {
    next.present = new Set(clients.map((client) => client.id));
    for (const entry of [...next.entries.values()]) {
      if (isCelery(entry) || next.present.has(entry.key)) continue;
      if (entry.record === null) next.entries.delete(entry.key);
      else leave(next, entry.key, null, now);
    }
    // What happened unseen happened between the last message and now.
    for (const client of clients) take(next, client, next.heard, now, null);
    next.known = true;
  },
  tasks: (next, { tasks }) => {
    next.runs = new Map();
    const finished = tasks.filter((task) => task.finished != null).sort((a, b) => a.finished - b.finished);
    if (next.tallied === 0 && finished.length >= FINISHED_IN_SNAPSHOT) next.tallyFrom = finished[0].finished;
    const seen = next.tallied;
    for (const task of finished) if (task.finished > seen) tallyEnd(next, task, task.finished);
    for (const task of tasks) if (task.state === 'running') begin(next, task.uuid, task.executor, task.started ?? 0);
  },
};

const EVENTS = {
  'client.joined': (next, { info, at }) => {
    next.present.add(info.id);
    take(next, info, at, at, at);
  },
  'client.changed': (next, { info, at }) => {
    // The newest state may come after the end of the connection; someone who left stays away.
    if (next.present.has(info.id)) take(next, info, at, at, at);
  },
  'client.left': (next, { client, at }, now) => {
    next.present.delete(client);
    leave(next, client, at, now);
  },
  'task.started': (next, { task, executor, at }) => begin(next, task, executor, at),
  'task.log': (next, { task, level, message, at }) => {
    if (level === 'error') tally(next, next.runs.get(task), at, { error: message });
  },
  'task.requeued': (next, { task, reason, at }) => {
    const key = next.runs.get(task);
    next.runs.delete(task);
    if (reason === 'worker_gone') lose(next, key, 'requeued');
    if (reason !== 'shutdown' && reason !== 'restart') {
      tally(next, key, at, { failed: 1, error: `an attempt ended: ${reason.replaceAll('_', ' ')}` });
    }
  },
  'task.finished': (next, { task, info, at }) => {
    if (info.error?.code === 'worker_lost') lose(next, next.runs.get(task), 'failed');
    next.runs.delete(task);
    tallyEnd(next, info, at);
  },
};

/** Takes in what a client says of itself; what its counts grew by happened between `from` and `to`. */
function take(next, record, from, to, toldAt) {
  if (record.kind !== 'worker' && record.worker == null && !record.protocol?.startsWith('eio')) return;
  const before = next.entries.get(record.id) ?? blank(record.id, to);
  if (record.name && record.name !== before.record?.name) welcomeBack(next, record.name);
  const old = before.record?.worker;
  const grown = total(record.worker) - total(old);
  const text = record.worker?.last_error ?? null;
  const isNews = text !== (old?.last_error ?? null);
  next.entries.set(record.id, {
    ...before,
    record,
    gone: null,
    ended: addAmount(before.ended, { from: old ? from : record.since, to, count: grown }),
    error: text === null ? null : isNews || !before.error ? { text, at: toldAt } : before.error,
    last: Math.max(before.last, to),
  });
}

/** Who comes back gets a new id and keeps the name: the row of the connection before is over. */
function welcomeBack(next, name) {
  for (const { key, gone, record } of [...next.entries.values()]) {
    if (gone && record.name === name) next.entries.delete(key);
  }
}

function leave(next, id, at, now) {
  const entry = next.entries.get(id);
  if (!entry || entry.gone) return;
  if (isWorker(entry)) next.entries.set(id, { ...entry, gone: { at, noticed: now } });
  else next.entries.delete(id);
}

function begin(next, task, executor, at) {
  const key = workerKey(executor);
  if (key === null) {
    next.runs.delete(task);
    return;
  }
  next.runs.set(task, key);
  const entry = next.entries.get(key) ?? blank(key, at);
  next.entries.set(key, { ...entry, executor, first: Math.min(entry.first, at), last: Math.max(entry.last, at) });
}

function tallyEnd(next, task, at) {
  next.tallied = Math.max(next.tallied, at);
  const key = workerKey(task.executor);
  if (key === null || task.state === 'cancelled') return;
  const entry = next.entries.get(key) ?? blank(key, at);
  next.entries.set(key, { ...entry, executor: task.executor, first: Math.min(entry.first, task.started ?? at) });
  const failure = task.error ? `${task.error.code}: ${task.error.message}` : null;
  tally(next, key, at, task.state === 'failed' ? { failed: 1, error: failure } : { done: 1 });
}

function tally(next, key, at, { done = 0, failed = 0, error = null }) {
  const entry = next.entries.get(key);
  if (!entry) return;
  const before = entry.tally;
  next.entries.set(key, {
    ...entry,
    last: Math.max(entry.last, at),
    tally: {
      done: before.done + done,
      failed: before.failed + failed,
      ended: addAmount(before.ended, { from: at, to: at, count: done + failed }),
      error: error === null ? before.error : { text: error, at },
    },
  });
}

function lose(next, key, how) {
  const entry = next.entries.get(key);
  if (entry) next.entries.set(key, { ...entry, lost: { ...entry.lost, [how]: entry.lost[how] + 1 } });
}

function blank(key, at) {
  return {
    key, record: null, executor: null, ended: [], error: null, gone: null, first: at, last: at,
    tally: { done: 0, failed: 0, ended: [], error: null }, lost: { requeued: 0, failed: 0 },
  };
}

function isCelery({ key }) {
  return key.startsWith('celery/');
}

function total(worker) {
  return (worker?.done ?? 0) + (worker?.failed ?? 0);
}
