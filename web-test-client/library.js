/** Starts the page of the library: what the address says is searched, and what happens in the library shows. */

import { startPage } from './page.js';
import { failureWords, getJSON } from './protocol/http.js';
import { Latest } from './protocol/latest.js';
import { addressOf, emptyQuery, isFolderView, queryFromAddress, searchPath, toggleTag } from './state/query.js';
import { addPage, beginPage, beginSearch, failSearch, initialResults, reduceResults } from './state/results.js';
import { FilterList } from './views/filter-list.js';
import { FolderCards } from './views/folder-cards.js';
import { FolderTree } from './views/folder-tree.js';
import { perFrame } from './views/frame.js';
import { ItemDialog } from './views/item-dialog.js';
import { ResultsView } from './views/results.js';
import { SearchForm } from './views/search-form.js';
import { TagList } from './views/tag-list.js';

const PAGE = 60;
/** Milliseconds between two looks at tags and folders while much happens. */
const REFRESH = 2000;

let query = queryFromAddress(location.search);
let results = initialResults();
let tags = [];
let waiting = [];
let refreshTimer = null;
const latestTags = new Latest();

const redraw = perFrame(draw);
const connection = startPage({
  name: 'Library',
  client: 'Vitrine library',
  probe: '/api/library',
  topic: (topic, message) => {
    waiting.push(message);
    redraw();
  },
  token: () => {
    tree.refresh();
    loadTags();
    search();
  },
});
const form = new SearchForm((change) => go({ ...query, ...change }), () => go(emptyQuery()));
const tree = new FolderTree(loadFolders, (folder) => go({ ...query, folder }));
const cards = new FolderCards((folder) => go({ ...query, folder }));
const tagList = new TagList((tag) => go(toggleTag(query, tag)));
const filters = new FilterList((change) => go({ ...query, ...change }));
const itemDialog = new ItemDialog(() => loadMore(), (name) => {
  const tag = tags.find((each) => each.name === name && each.type === 'custom');
  if (tag) go({ ...emptyQuery(), tags: [tag.id] });
});
const resultsView = new ResultsView({
  open: (item) => itemDialog.open(item, results.items),
  more: loadMore,
  refresh: search,
});

/** Looks for something else, and keeps it in the history of the tab. */
function go(next) {
  const address = addressOf(next);
  if (address !== addressOf(query)) history.pushState(null, '', `${location.pathname}${address}`);
  query = next;
  search();
}

async function search() {
  results = beginSearch(results);
  form.show(query);
  tree.select(query.folder);
  tagList.select(query.tags);
  filters.show(query, tags);
  resultsView.update(results, query);
  showFolderCards();
  await load(results.search, null);
}

async function loadMore() {
  if (results.loading || !results.cursor) return;
  results = beginPage(results);
  await load(results.search, results.cursor);
}

async function load(number, cursor) {
  const { status, body } = await getJSON(searchPath(query, cursor, PAGE));
  if (status === 200) results = addPage(results, number, cursor === null, body);
  else results = failSearch(results, number, cursor === null, failureWords({ status, body }), status >= 400 && status < 500);
  resultsView.update(results, query);
  itemDialog.update(results.items);
}

async function showFolderCards() {
  const { search: number } = results;
  const wanted = isFolderView(query) && query.folder;
  const folders = wanted ? await loadFolders(query.folder) : [];
  if (number === results.search) cards.show(folders);
}

/** @param {string} path empty for the roots @returns {Promise<object[]>} the folders directly below */
async function loadFolders(path) {
  const { status, body } = await getJSON(`/api/library/folders${path ? `?${new URLSearchParams({ path })}` : ''}`);
  if (status !== 200) return [];
  return body.folders.map((folder) => ({ ...folder, name: folder.path.split('/').pop() || folder.path }));
}

async function loadTags() {
  const told = await latestTags.of(() => getJSON('/api/library/tags'));
  if (told?.status !== 200) return;
  tags = told.body.tags;
  tagList.update(tags);
  filters.show(query, tags);
}

function draw() {
  const messages = waiting;
  waiting = [];
  const before = results;
  results = reduceResults(results, messages);
  if (results !== before) {
    resultsView.update(results, query);
    itemDialog.update(results.items);
  }
  itemDialog.remove(messages.filter(({ type }) => type === 'library.removed').flatMap(({ items }) => items));
  if (messages.some((message) => message.type !== 'snapshot')) refreshSoon();
}

/** Folders and tags are counted anew a little after something happened, not for every event. */
function refreshSoon() {
  if (refreshTimer !== null) return;
  refreshTimer = setTimeout(() => {
    refreshTimer = null;
    loadTags();
    tree.refresh();
    if (results.items.length === 0 && !results.loading && !results.refused) search();
  }, REFRESH);
}

window.addEventListener('popstate', () => {
  query = queryFromAddress(location.search);
  search();
});

connection.subscribe('library');
connection.subscribe('tags');
connection.connect();
tree.refresh();
loadTags();
search();
