/** What there is to show of the workers: derived from the folded state, the tasks and the clock. Pure. */

import { perMinute } from './rate.js';
import { isWorker } from './workers.js';

/** What a task may be that its worker still has: ended ones are only not struck off yet. */
const HELD = new Set(['running', 'queued', 'cancelled']);

/**
 * @typedef {object} WorkerSummary
 * @property {string} key
 * @property {string|null} name null: it gave none
 * @property {string} kind `worker`, `Socket.IO` or `Celery`
 * @property {'idle'|'busy'|'full'|'closed'|'gone'} state `closed`: it offers no slot
 * @property {number|null} slots null: it does not say
 * @property {number} busy slots taken, by offers too
 * @property {string[]} capabilities
 * @property {{id: string, task: object|null}[]} tasks that it has now; `task` null: nothing known of it
 * @property {number} done @property {number} failed
 * @property {boolean} counted whether it counts itself; otherwise these are what this page has seen
 * @property {number} rate tasks ended a minute
 * @property {{text: string, at: number|null}|null} error the last one
 * @property {number} since ms
 * @property {string|null} address
 * @property {string|null} protocol
 * @property {{at: number|null, noticed: number}|null} gone
 * @property {{requeued: number, failed: number}} lost
 */

/**
 * @param {import('./workers.js').Workers} workers
 * @param {Map<string, object>} tasks by id
 * @param {number} now by the server's clock, ms
 * @returns {WorkerSummary[]} by name, of one name the oldest first; those without one last
 */
export function summarizeWorkers(workers, tasks, now) {
  const runs = new Map();
  for (const [task, key] of workers.runs) {
    if (!runs.has(key)) runs.set(key, []);
    runs.get(key).push(task);
  }
  return [...workers.entries.values()]
    .filter(isWorker)
    .map((entry) => summary(entry, runs.get(entry.key) ?? [], tasks, workers.tallyFrom, now))
    .sort((a, b) => (a.name === null) - (b.name === null) || order(a.name, b.name) || a.since - b.since || order(a.key, b.key));
}

/**
 * @param {WorkerSummary[]} summaries
 * @returns {{workers: number, slots: number, busy: number, rate: number}} of those that are here; `busy` of `slots`
 *   counts only who has slots
 */
export function totalOf(summaries) {
  const here = summaries.filter((one) => one.state !== 'gone');
  const slotted = here.filter((one) => one.slots !== null);
  return {
    workers: here.length,
    slots: sum(slotted, 'slots'),
    busy: sum(slotted, 'busy'),
    rate: sum(here, 'rate'),
  };
}

function summary(entry, runs, tasks, tallyFrom, now) {
  const { record, executor, tally, gone } = entry;
  const kind = kindOf(record, executor);
  // Of a Socket.IO client the server knows which tasks it has begun, and nothing of slots and ends.
  const worker = kind === 'worker' ? record.worker ?? null : null;
  const has = gone ? [] : held(entry.key, record?.worker?.tasks ?? [], runs, tasks);
  const slots = worker?.slots ?? null;
  const busy = worker?.busy ?? has.filter(({ task }) => task?.state !== 'cancelled').length;
  const since = record?.since ?? entry.first;
  const rate = worker
    ? perMinute(entry.ended, since, now)
    : perMinute(tally.ended, Math.max(since, tallyFrom), now);
  return {
    key: entry.key,
    name: record?.name || executor?.name || null,
    kind,
    state: gone ? 'gone' : stateOf(slots, busy),
    slots,
    busy,
    capabilities: worker?.capabilities ?? [],
    tasks: has,
    done: worker?.done ?? tally.done,
    failed: worker?.failed ?? tally.failed,
    counted: worker !== null,
    rate,
    error: worker ? entry.error : tally.error,
    since,
    address: record?.address ?? null,
    protocol: record?.protocol ?? null,
    gone,
    lost: entry.lost,
  };
}

function kindOf(record, executor) {
  if (record === null) return 'Celery';
  return record.protocol?.startsWith('eio') || executor?.kind === 'socketio' ? 'Socket.IO' : 'worker';
}

function stateOf(slots, busy) {
  if (slots !== null && busy > 0 && busy >= slots) return 'full';
  if (busy > 0) return 'busy';
  return slots === 0 ? 'closed' : 'idle';
}

/** What it says it has and what the tasks say it runs; the two come by different events, so either may be first. */
function held(key, told, runs, tasks) {
  const mine = new Set(runs);
  return [...new Set([...runs, ...told])]
    .map((id) => ({ id, task: tasks.get(id) ?? null }))
    .filter(({ id, task }) => task === null || (HELD.has(task.state) && (task.state !== 'running' || mine.has(id))));
}

function order(a, b) {
  if (a === null || b === null) return 0;
  return a < b ? -1 : a > b ? 1 : 0;
}

function sum(summaries, name) {
  return summaries.reduce((total, one) => total + one[name], 0);
}
