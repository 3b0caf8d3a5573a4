/** Starts the page of the models: what the address says is shown, and what happens in the gallery shows. */

import { OpenModel } from './gallery/open-model.js';
import { firstFilled, TypeModels } from './gallery/type-models.js';
import { WaitingModels } from './gallery/waiting-models.js';
import { startPage } from './page.js';
import { allTags, modelTypes, scanFolders } from './protocol/gallery.js';
import { Latest } from './protocol/latest.js';
import { endsWork, galleryWork } from './state/gallery-work.js';
import { matching, tagsOf } from './state/models.js';
import { toggleTag } from './state/query.js';
import { mayOperate } from './state/roles.js';
import { shelfAddress, shelfFromAddress } from './state/shelf.js';
import { initialTasks, reduceTasks } from './state/tasks.js';
import { byId, setText } from './views/dom.js';
import { FilterList } from './views/filter-list.js';
import { count } from './views/format.js';
import { atMostEvery, perFrame } from './views/frame.js';
import { GalleryTools } from './views/gallery-tools.js';
import { GalleryWork } from './views/gallery-work.js';
import { ModelCards } from './views/model-cards.js';
import { TagList } from './views/tag-list.js';
import { TypeTabs } from './views/type-tabs.js';

/** Milliseconds between two looks at the same list while much happens. */
const REFRESH = 1000;
const OTHERS = 'others';

let shelf = shelfFromAddress(location.search);
let types = [];
let tags = [];
let tasks = initialTasks();
let messages = [];
let scanning = false;
let starting = false;
/** What was last drawn, to know whether a list is another one. */
let drawn = null;
/** Why something could not be shown, by what it is. */
const failures = new Map();
const ofType = new TypeModels();
const latestTags = new Latest();

const redraw = perFrame(draw);
const refreshModels = atMostEvery(REFRESH, loadModels);
const refreshWaiting = atMostEvery(REFRESH, loadWaiting);
const refreshTags = atMostEvery(REFRESH, loadTags);
const refreshOpen = atMostEvery(REFRESH, readOpen);

const connection = startPage({
  name: 'Models',
  client: 'Vitrine models',
  probe: '/api/models/get_types',
  status: redraw,
  topic: (topic, message) => {
    messages.push({ topic, message });
    redraw();
  },
  token: start,
});
const tabs = new TypeTabs((choice) => go({ type: null, waiting: false, tags: [], model: null, ...choice }));
const cards = new ModelCards((model) => go({ model }));
const tagList = new TagList((tag) => go(toggleTag(shelf, tag)));
const filters = new FilterList((change) => go({ tags: change.tags }));
const tools = new GalleryTools({
  search: (text) => go({ text }, replaceAddress),
  clear: () => go({ text: '', tags: [] }),
  scan,
  hold: (held) => cards.hold(held),
});
const waiting = new WaitingModels(redraw);
const work = new GalleryWork((task) => {
  connection.request({ type: 'task.cancel', task }, { repeat: true })
    .catch((error) => work.say(`Not stopped: ${error.message}`, 'bad'));
});
const openModel = new OpenModel({
  types: () => types,
  version: (hash) => ofType.versions.get(hash) ?? 0,
  noticed: (record) => ofType.notice(record),
  changed: () => {
    refreshModels();
    refreshTags();
  },
  close: async () => {
    const { model } = shelf;
    if (await go({ model: null })) cards.focus(model);
  },
});

/** Looks at something else, and keeps it in the history of the tab. @returns {Promise<boolean>} whether it was left */
async function go(change, keep = (address) => history.pushState(null, '', address)) {
  const next = { ...shelf, ...change };
  if (next.model !== shelf.model && !(await openModel.mayLeave())) return false;
  const address = `${location.pathname}${shelfAddress(next)}`;
  if (address !== `${location.pathname}${location.search}`) keep(address);
  const before = shelf;
  shelf = next;
  if (shelf.waiting !== before.waiting || shelf.type !== before.type) showOther();
  redraw();
  if (shelf.model !== before.model) report('model', await openModel.open(shelf.model));
  return true;
}

function replaceAddress(address) {
  history.replaceState(null, '', address);
}

function showOther() {
  ofType.clear();
  if (shelf.waiting) loadWaiting();
  else loadModels();
}

/** All that the page needs; after a cut before it was there, or a token, once more. */
async function start() {
  if (starting) return;
  starting = true;
  loadTags();
  loadWaiting();
  await load('types', async () => {
    const told = await modelTypes();
    types = told.includes(OTHERS) ? told : [...told, OTHERS];
    if (shelf.type === null && !shelf.waiting) await go({ type: await firstFilled(types) }, replaceAddress);
    else loadModels();
  });
  starting = false;
  report('model', await openModel.open(shelf.model));
}

async function loadModels() {
  const { waiting: isOther, type } = shelf;
  if (!isOther && type !== null) await load('models', () => ofType.load(type));
}

function loadWaiting() {
  return load('waiting', () => waiting.load());
}

function loadTags() {
  return load('tags', async () => {
    const told = await latestTags.of(allTags);
    if (told === null) return;
    tags = told;
    // Those that are there from the start are names of folders; nobody looks for them here before something has them.
    openModel.offerTags(tags.filter((tag) => tag.type !== 'system' || tag.count > 0));
  });
}

async function scan() {
  scanning = true;
  redraw();
  try {
    const { scanned, pending_added: added, skipped } = await scanFolders();
    work.say(`${count(scanned)} files looked at: ${count(added)} new, ${count(skipped)} known already.`, 'ok');
  } catch (error) {
    work.say(`The scan did not end: ${error.message}`, 'bad');
  }
  scanning = false;
  loadWaiting();
  redraw();
}

async function readOpen() {
  report('model', await openModel.refresh());
}

async function load(what, read) {
  try {
    await read();
    report(what, null);
  } catch (error) {
    report(what, error.message);
  }
}

/** @param {string} what @param {string|null} words why it could not be shown; null: it could */
function report(what, words) {
  failures.set(what, words);
  redraw();
}

function draw() {
  const news = messages;
  messages = [];
  if (news.length > 0) take(news);
  const allowed = mayOperate(connection.status.welcome?.role);
  const source = shelf.waiting ? waiting.models : ofType.models;
  const shown = matching(source, shelf);
  const key = JSON.stringify([shelf.type, shelf.waiting, shelf.text, shelf.tags]);
  const anew = key !== drawn;
  drawn = key;
  drawFrame(source, shown);
  if (shelf.waiting) waiting.draw(shelf, { allowed, anew });
  else drawModels(shown, anew);
  openModel.allow(allowed);
  work.show(galleryWork(tasks), allowed);
  tools.show(shelf.text, { allowed, scanning });
}

/** One is enough: what is out of reach is so for one reason mostly. */
function failureShown() {
  return [...failures.values()].find((words) => words !== null) ?? null;
}

/** What stands around the lists. */
function drawFrame(source, shown) {
  tabs.show(types, shelf, waiting.count);
  byId('models-panel').hidden = shelf.waiting;
  byId('waiting-panel').hidden = !shelf.waiting;
  const failure = failureShown();
  byId('failure').hidden = failure === null;
  setText(byId('failure'), failure ?? '');
  const found = tagsOf(shown);
  const others = shelf.tags.filter((id) => !found.some((tag) => tag.id === id));
  tagList.update([...found, ...tags.filter((tag) => others.includes(tag.id)).map((tag) => ({ id: tag.id, name: tag.name, count: 0 }))]);
  tagList.select(shelf.tags);
  filters.show({ folder: '', tags: shelf.tags }, [...tags, ...tagsOf(source)]);
}

function drawModels(shown, anew) {
  const { models, loading, versions } = ofType;
  setText(byId('models-title'), shelf.type ?? 'Models');
  setText(byId('models-count'), shown.length < models.length ? `${count(shown.length)} of ${count(models.length)}` : count(models.length));
  byId('models-panel').setAttribute('aria-busy', String(loading));
  cards.show(shown, anew, versions);
  cards.select(shelf.model);
  byId('cards-empty').hidden = shown.length > 0 || failureShown() !== null;
  const none = loading ? 'Loading…' : 'No models of this type. A scan finds what lies in the folders.';
  setText(byId('cards-empty'), models.length > 0 ? 'No model matches.' : none);
}

/** Events tell what happened; the lists are asked for anew, since only the server knows their order. */
function take(news) {
  const of = (topic) => news.filter((each) => each.topic === topic).map((each) => each.message);
  const ofTasks = of('tasks');
  if (ofTasks.length > 0) tasks = reduceTasks(tasks, ofTasks);
  const ofModels = of('models');
  for (const { item } of ofModels) if (item?.sha256) ofType.notice(item);
  if (types.length === 0) start();
  if (ofModels.length > 0) {
    refreshModels();
    refreshOpen();
  }
  // The beginning of a topic is told as well; what happened before it is not known, so everything is looked at.
  if (ofModels.length > 0 || endsWork(ofTasks) || ofTasks.some((message) => message.type === 'snapshot')) refreshWaiting();
  if (ofModels.length > 0 || of('tags').length > 0) refreshTags();
}

window.addEventListener('popstate', async () => {
  const stay = `${location.pathname}${shelfAddress(shelf)}`;
  if (!(await go(shelfFromAddress(location.search), () => {}))) history.pushState(null, '', stay);
});

for (const topic of ['tasks', 'models', 'tags']) connection.subscribe(topic);
connection.connect();
start();
