import { WorkerCard } from '/views/worker-card.js';
import { equal, test } from './check.js';

const START = 1_000_000_000;
const summary = (more = {}) => ({
  key: 'k', name: 'gpu', kind: 'worker', state: 'busy', slots: 4, busy: 1, capabilities: ['depth'], tasks: [], done: 1200,
  failed: 0, counted: true, rate: 2.5, error: null, since: START, address: '10.0.0.7', protocol: 'vitrine.v1', gone: null,
  lost: { requeued: 0, failed: 0 }, ...more,
});
const running = (id, current, total = 10) => ({ id, task: { uuid: id, name: 'depth', state: 'running', progress: { current, total } } });

/** A card that shows this. @returns {{card: WorkerCard, opened: string[], find: Function, text: Function}} */
function show(more, now = START + 61_000) {
  const opened = [];
  const card = new WorkerCard('k', (task) => opened.push(task));
  document.body.replaceChildren(card.element);
  card.update(summary(more), now);
  const find = (selector) => card.element.querySelector(selector);
  return { card, opened, find, text: (selector) => find(selector).textContent };
}

test('a card tells name, state, figures and age', () => {
  const { text, find } = show();
  equal([text('.worker-name'), text('.worker-state'), text('.rate'), text('.done'), text('.failed'), text('.age'), text('.address')],
    ['gpu', 'busy', '2.5 / min', '1,200 done', '0 failed', 'up 1 min 01 s', '10.0.0.7']);
  equal([find('.failed').dataset.some, find('.badge').hidden], ['false', true]);
});

test('slots are a meter with a name, as wide as they are busy', () => {
  const { find, text } = show({ slots: 4, busy: 3 });
  const meter = find('[role=meter]');
  equal(['aria-label', 'aria-valuemin', 'aria-valuemax', 'aria-valuenow', 'aria-valuetext'].map((name) => meter.getAttribute(name)),
    ['Slots of gpu', '0', '4', '3', '3 of 4 busy']);
  equal([meter.style.getPropertyValue('--share'), meter.style.getPropertyValue('--slots'), text('.gauge-text')], ['0.75', '4', '3 / 4']);
});

test('many slots have no marks, and more tasks than slots do not overflow', () => {
  const { find, text } = show({ slots: 100, busy: 130 });
  const meter = find('[role=meter]');
  equal([meter.style.getPropertyValue('--slots'), meter.getAttribute('aria-valuenow'), text('.gauge-text')], ['1', '100', '130 / 100']);
});

test('who tells no slots has no meter', () => {
  const { find, text } = show({ slots: null, busy: 2, kind: 'Socket.IO', counted: false, protocol: 'eio3' });
  equal([find('[role=meter]').hidden, text('.gauge-text'), text('.badge'), text('.address')], [true, '2 running', 'Socket.IO', '10.0.0.7 · eio3']);
  equal([find('.done').title, show().find('.done').title], ['As far as this page has seen', '']);
  equal(show({ slots: 0, busy: 0, state: 'closed' }).text('.gauge-text'), 'no slots');
});

test('each task has its bar, which moves, and the way to its row', () => {
  const { card, find, text, opened } = show({ tasks: [running('t', 3)] });
  equal([find('[role=progressbar]').getAttribute('aria-valuenow'), text('.progress-amount')], ['30', '3 / 10 · 30 %']);
  const row = find('[data-held]');
  card.update(summary({ tasks: [running('t', 7)] }), START);
  equal([find('[role=progressbar]').getAttribute('aria-valuenow'), find('[data-held]') === row], ['70', true]);
  find('[data-held] button').click();
  equal(opened, ['t']);
  card.update(summary(), START);
  equal([find('[data-held]'), find('.held').hidden], [null, true]);
});

test('what is not running has words instead of a bar', () => {
  const { card } = show({ tasks: [{ id: 'o', task: { state: 'queued', name: 'depth' } }, { id: 'c', task: { state: 'cancelled', name: 'depth' } }, { id: 'u', task: null }] });
  const rows = [...card.element.querySelectorAll('[data-held]')];
  equal(rows.map((row) => row.querySelector('.held-note').textContent), ['offered', 'cancelled, being stopped', '']);
  equal(rows.map((row) => row.querySelector('.progress').hidden), [true, true, true]);
});

test('of a thousand tasks six are shown and the others counted', () => {
  const { card, text } = show({ tasks: Array.from({ length: 1000 }, (_, n) => running(`t${n}`, n)) });
  equal([card.element.querySelectorAll('[data-held]').length, text('.held-more')], [6, 'and 994 more']);
});

test('of many capabilities the rest comes when asked for', () => {
  const capabilities = Array.from({ length: 64 }, (_, n) => `kind.${n}`);
  const { card, find } = show({ capabilities });
  const names = () => [...card.element.querySelectorAll('.capabilities li')].map((item) => item.textContent);
  const more = find('.worker-offers button');
  equal([names().length, more.textContent, more.getAttribute('aria-label')], [6, '58 more', '58 more capabilities of gpu']);
  more.click();
  equal([names(), more.hidden, document.activeElement === card.element], [capabilities, true, true]);
});

test('the last error is shown with its time if that is known', () => {
  equal(show().find('.worker-error').hidden, true);
  equal(show({ error: { text: 'oom: too big', at: null } }).text('.worker-error'), 'Last error: oom: too big');
  const dated = show({ error: { text: 'oom', at: START }, failed: 1 });
  equal(/^Last error \d\d:\d\d:\d\d: oom$/.test(dated.text('.worker-error')), true, dated.text('.worker-error'));
  equal(dated.find('.failed').dataset.some, 'true');
});

test('who has gone says when and what it took along', () => {
  const gone = (at, lost) => show({ state: 'gone', gone: { at, noticed: START }, lost }).text('.worker-gone').replace(/\d\d:\d\d:\d\d/, 'then');
  equal(gone(START, { requeued: 0, failed: 0 }), 'Left at then');
  equal(gone(START, { requeued: 1, failed: 2 }), 'Left at then · 1 task back in the queue · 2 tasks lost');
  equal(gone(null, { requeued: 0, failed: 0 }), 'Left while this page was not connected');
  const { find } = show({ state: 'gone', gone: { at: START, noticed: START } });
  equal(['.gauge', '.rate', '.age', '.worker-offers', '.worker-gone'].map((name) => find(name).hidden), [true, true, true, true, false]);
});

test('names are text, whatever they contain', () => {
  const { find, text } = show({ name: '<b>bold</b>', capabilities: ['<i>'], error: { text: '<img src=x>', at: null } });
  equal([text('.worker-name'), text('.capabilities'), find('b, i, img')], ['<b>bold</b>', '<i>', null]);
});
