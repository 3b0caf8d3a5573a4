/** Starts the page: one connection, the states it feeds, the views that show them. */

import { startPage } from './page.js';
import { getJSON } from './protocol/http.js';
import { newTaskId } from './protocol/task-id.js';
import { initialClients, reduceClients } from './state/clients.js';
import { entryOf } from './state/inspector.js';
import { initialLibrary, reduceLibrary } from './state/library.js';
import { mayOperate } from './state/roles.js';
import { initialTaskLog, reduceTaskLog } from './state/task-log.js';
import { describeTask, initialTasks, reduceTasks } from './state/tasks.js';
import { forgetWorkers, initialWorkers, reduceWorkers, workerKey } from './state/workers.js';
import { ClientsView } from './views/clients.js';
import { shortId } from './views/format.js';
import { perFrame } from './views/frame.js';
import { InspectorView } from './views/inspector.js';
import { LaunchView } from './views/launch.js';
import { LibraryView } from './views/library.js';
import { PulseView } from './views/pulse.js';
import { TasksView } from './views/tasks.js';
import { WorkersView } from './views/workers.js';

const REDUCERS = { tasks: reduceTasks, clients: reduceClients, library: reduceLibrary };
/** What workers do is told by two topics, and counts in the order in which it comes. */
const OF_WORKERS = new Set(['tasks', 'clients']);

const state = { tasks: initialTasks(), clients: initialClients(), library: initialLibrary(), workers: initialWorkers() };
/** @type {Map<string, import('./state/task-log.js').TaskLog>} of the tasks that are open */
const logs = new Map();
/** @type {Map<string, object[]>} messages not yet reduced, by topic */
let waiting = new Map();
let ofWorkers = [];
let received = [];
let messages = 0;
let statusChanged = true;
/** @type {object|null} the `welcome` the views have been drawn for: it names our role and our id */
let drawnWelcome = null;
let rootsKnown = true;
const described = new Set();
/** Tasks whose end is announced, because someone at this page waits for it. */
const startedHere = new Set();

const redraw = perFrame(draw);
const connection = startPage({
  name: 'Live',
  client: 'Vitrine dashboard',
  probe: '/api/tasks',
  status: () => {
    statusChanged = true;
    redraw();
  },
  topic: (topic, message) => {
    if (!waiting.has(topic)) waiting.set(topic, []);
    waiting.get(topic).push(message);
    if (OF_WORKERS.has(topic)) ofWorkers.push(message);
    redraw();
  },
  message: (message, text) => {
    messages += 1;
    received.push(entryOf(messages, message, text, Date.now()));
    redraw();
  },
});

const inspectorView = new InspectorView(() => connection.drop());
const clientsView = new ClientsView();
const libraryView = new LibraryView();
const pulseView = new PulseView();
const launchView = new LaunchView((name, params) => {
  const task = newTaskId();
  startedHere.add(task);
  return connection.request({ type: 'task.run', name, params, task }, { repeat: true });
});
const tasksView = new TasksView({
  cancel: (task) => {
    connection.request({ type: 'task.cancel', task }, { repeat: true })
      .catch((error) => launchView.say(`Not cancelled: ${error.message}`, 'bad'));
  },
  open: (task) => {
    logs.set(task, initialTaskLog());
    connection.subscribe(`task/${task}`);
  },
  close: (task) => {
    logs.delete(task);
    connection.unsubscribe(`task/${task}`);
  },
  worker: (executor) => {
    if (!workersView.reveal(workerKey(executor))) launchView.say('This worker is not listed.', 'bad');
  },
});
const workersView = new WorkersView((task) => {
  if (!tasksView.reveal(task)) launchView.say(`Task ${shortId(task)} is not listed.`, 'bad');
});

function draw() {
  const batches = waiting;
  waiting = new Map();
  for (const [topic, batch] of batches) reduceTopic(topic, batch);
  reduceOfWorkers();
  if (received.length > 0) {
    pulseView.add(received.filter((entry) => entry.event).length);
    inspectorView.record(received);
    received = [];
  }
  const whoChanged = drawnWelcome !== connection.status.welcome;
  drawnWelcome = connection.status.welcome;
  if (statusChanged) drawStatus();
  if (whoChanged || batches.has('tasks')) tasksView.update(state.tasks, taskContext());
  if (whoChanged || batches.has('clients')) clientsView.update(state.clients, clientContext());
  if (batches.has('tasks') || batches.has('clients')) drawWorkers();
  if (batches.has('library')) drawLibrary(batches.get('library'));
}

function reduceTopic(topic, batch) {
  if (topic in REDUCERS) {
    state[topic] = REDUCERS[topic](state[topic], batch);
    if (topic !== 'tasks') return;
    for (const message of batch) {
      if (message.type === 'task.finished' && startedHere.delete(message.task)) launchView.tell(message.info);
    }
    describePartialTasks();
    return;
  }
  const task = topic.slice('task/'.length);
  if (!logs.has(task)) return;
  logs.set(task, reduceTaskLog(logs.get(task), batch));
  tasksView.showLog(task, logs.get(task));
}

function reduceOfWorkers() {
  if (ofWorkers.length === 0) return;
  state.workers = reduceWorkers(state.workers, ofWorkers, serverNow());
  ofWorkers = [];
}

function drawWorkers() {
  workersView.update(state.workers, state.tasks.byId, serverNow());
}

function drawStatus() {
  statusChanged = false;
  const { status } = connection;
  inspectorView.updateStatus(status);
  const possible = status.welcome !== null && status.phase !== 'stopped' && status.phase !== 'unauthorized';
  launchView.update(status.welcome ? mayOperate(status.welcome.role) : null, possible);
}

function drawLibrary(batch) {
  libraryView.update(state.library);
  if (batch.some((message) => message.type === 'snapshot' || message.type === 'library.counts')) loadRoots();
}

/** The folders of the library; a server without this address is asked once. */
async function loadRoots() {
  if (!rootsKnown) return;
  rootsKnown = false;
  const { status, body } = await getJSON('/api/library/roots');
  rootsKnown = status === 200;
  libraryView.showRoots(status === 200 ? body?.roots : null);
}

/** Events name a task by its id only; what the snapshot had no place for is asked for by HTTP, once each. */
async function describePartialTasks() {
  for (const task of state.tasks.byId.values()) {
    if (!task.partial || described.has(task.uuid)) continue;
    described.add(task.uuid);
    const { status, body } = await getJSON(`/api/tasks/${encodeURIComponent(task.uuid)}`);
    if (status !== 200) continue;
    state.tasks = describeTask(state.tasks, body);
    tasksView.update(state.tasks, taskContext());
  }
}

function serverNow() {
  return Date.now() + connection.status.skew;
}

function taskContext() {
  return { mayCancel: mayOperate(connection.status.welcome?.role), now: serverNow() };
}

function clientContext() {
  return { own: connection.status.welcome?.client, now: serverNow() };
}

setInterval(() => {
  pulseView.tick();
  tasksView.tick(serverNow());
  clientsView.tick(serverNow());
  state.workers = forgetWorkers(state.workers, serverNow());
  drawWorkers();
}, 1000);

libraryView.update(state.library);
for (const topic of Object.keys(REDUCERS)) connection.subscribe(topic);
connection.connect();
