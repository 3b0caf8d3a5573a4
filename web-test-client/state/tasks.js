/**
 * The tasks as the topic `tasks` tells them: pure reducers over batches of messages, so that a burst
 * of events costs one copy (contract: §5).
 */

/** Finished tasks that are remembered; the snapshot holds as many. */
const FINISHED_KEPT = 50;
/** Ends of attempts that are remembered of one task. */
const REQUEUES_KEPT = 10;
const FINISHED = new Set(['done', 'failed', 'cancelled']);

/**
 * @typedef {object} Tasks
 * @property {boolean} known false before the first snapshot
 * @property {Map<string, object>} byId as the server tells them, and of each `requeues`: the attempts that this
 *   page saw end, as {`attempt`, `reason`, `at`}, oldest first
 * @property {{queued: number, running: number, done: number, failed: number, cancelled: number}} counts of
 *   all tasks of the server, not only those in `byId`
 */

/** @returns {Tasks} */
export function initialTasks() {
  return { known: false, byId: new Map(), counts: { queued: 0, running: 0, done: 0, failed: 0, cancelled: 0 } };
}

/**
 * @param {Tasks} state
 * @param {object[]} messages snapshots and events of `tasks`, in order
 * @returns {Tasks} a new state
 */
export function reduceTasks(state, messages) {
  let next = { ...state, byId: new Map(state.byId), counts: { ...state.counts } };
  for (const message of messages) {
    if (message.type === 'snapshot') next = fromSnapshot(message.state, next.byId);
    else REDUCERS[message.type]?.(next, message);
  }
  forgetOldest(next.byId);
  return next;
}

/** @param {object} task @returns {boolean} whether nothing of it will follow */
export function isFinished(task) {
  return FINISHED.has(task.state);
}

/**
 * @param {Tasks} tasks
 * @returns {{running: object[], queued: object[], finished: object[]}} each in the order to be shown:
 *   longest running first, next to run first, last finished first
 */
export function groupTasks(tasks) {
  const groups = { running: [], queued: [], finished: [] };
  for (const task of tasks.byId.values()) groups[isFinished(task) ? 'finished' : task.state]?.push(task);
  groups.running.sort((a, b) => (a.started ?? 0) - (b.started ?? 0));
  groups.queued.sort((a, b) => (b.priority ?? 0) - (a.priority ?? 0) || (a.created ?? 0) - (b.created ?? 0));
  groups.finished.sort((a, b) => (b.finished ?? 0) - (a.finished ?? 0));
  return groups;
}

/**
 * Fills in what events do not repeat (name, parameters), for tasks that the snapshot was too small for.
 * @param {Tasks} state
 * @param {object} info the task as `GET /api/tasks/{id}` answers it
 * @returns {Tasks} a new state; what events said since then stands
 */
export function describeTask(state, info) {
  const task = state.byId.get(info.uuid);
  if (!task || !task.partial) return state;
  const { partial, ...known } = task;
  return { ...state, byId: new Map(state.byId).set(info.uuid, { ...info, ...known }) };
}

/** @param {Map<string, object>} before what it replaces; only from there is known why attempts ended */
function fromSnapshot(snapshot, before) {
  return {
    known: true,
    byId: new Map(snapshot.tasks.map((task) => [task.uuid, withRequeues(task, before.get(task.uuid))])),
    counts: { ...initialTasks().counts, ...snapshot.counts },
  };
}

const REDUCERS = {
  'task.created': (state, { task, info }) => {
    if (state.byId.has(task)) return;
    state.byId.set(task, info);
    count(state, info.state, 1);
  },
  'task.started': (state, { task, attempt, executor, at }) => {
    const before = known(state, task, 'queued');
    move(state, before.state, 'running');
    state.byId.set(task, {
      ...before, state: 'running', attempt, executor, started: at, progress: null, waiting: null,
    });
  },
  'task.progress': (state, { task, attempt, progress }) => {
    const before = known(state, task, 'running');
    if (isFinished(before) || attempt < before.attempt) return;
    state.byId.set(task, { ...before, progress });
  },
  'task.requeued': (state, { task, attempt, reason, at }) => {
    const before = known(state, task, 'running');
    move(state, before.state, 'queued');
    state.byId.set(task, {
      // Why it waits now is told next.
      ...before, state: 'queued', attempt, executor: null, progress: null, waiting: null,
      requeues: [...(before.requeues ?? []), { attempt, reason, at }].slice(-REQUEUES_KEPT),
    });
  },
  'task.waiting': (state, { task, waiting }) => {
    const before = state.byId.get(task);
    if (before?.state === 'queued') state.byId.set(task, { ...before, waiting });
  },
  'tasks.waiting': (state, { requires, waiting }) => {
    const demand = demandOf(requires);
    for (const task of state.byId.values()) {
      if (task.state === 'queued' && demandOf(task.requires) === demand) {
        state.byId.set(task.uuid, { ...task, waiting: waiting ?? null });
      }
    }
  },
  'task.finished': (state, { task, info }) => {
    const guess = info.started == null ? 'queued' : 'running';
    const before = known(state, task, guess);
    move(state, before.state, info.state);
    state.byId.set(task, withRequeues(info, before));
  },
};

/** What a worker must offer, as one text; the order does not count. */
function demandOf(requires) {
  return requires ? JSON.stringify([...requires].sort()) : null;
}

function withRequeues(task, before) {
  return before?.requeues ? { ...task, requeues: before.requeues } : task;
}

/** The task, or for one that the snapshot did not hold a beginning of it in the state it must have had. */
function known(state, uuid, assumed) {
  return state.byId.get(uuid) ?? { uuid, state: assumed, attempt: 0, partial: true };
}

function move(state, from, to) {
  if (from === to) return;
  count(state, from, -1);
  count(state, to, 1);
}

function count(state, name, change) {
  state.counts[name] = Math.max((state.counts[name] ?? 0) + change, 0);
}

function forgetOldest(byId) {
  const finished = [...byId.values()].filter(isFinished);
  if (finished.length <= FINISHED_KEPT) return;
  finished.sort((a, b) => (b.finished ?? 0) - (a.finished ?? 0));
  for (const task of finished.slice(FINISHED_KEPT)) byId.delete(task.uuid);
}
