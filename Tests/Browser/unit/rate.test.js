import { addAmount, perMinute, WINDOW } from '/state/rate.js';
import { equal, test } from './check.js';

const MINUTE = 60_000;
const START = 1_000_000_000;
const moment = (at, count = 1) => ({ from: at, to: at, count });
const all = (...amounts) => amounts.reduce(addAmount, []);
const shown = (amounts, since, now) => Number(perMinute(amounts, since, now).toFixed(3));

test('ten tasks in five minutes are two a minute', () => {
  const amounts = all(...Array.from({ length: 10 }, (_, n) => moment(START + n * 30_000)));
  equal(shown(amounts, 0, START + 290_000), 2);
});

test('what is older than the window does not count', () => {
  const amounts = all(moment(START, 100), moment(START + 2 * MINUTE, 5));
  equal(shown(amounts, 0, START + WINDOW - 1), 21);
  equal(shown(amounts, 0, START + WINDOW), 1);
  equal(shown(amounts, 0, START + WINDOW + 2 * MINUTE), 0);
});

test('a young worker is judged by its own time, and by a minute at least', () => {
  equal(shown(all(moment(START + 1)), START, START + 1000), 1);
  equal(shown(all(moment(START + 1, 6)), START, START + 2 * MINUTE), 3);
});

test('what happened before the time that is known in full does not count', () => {
  equal(shown(all(moment(START, 9), moment(START + 2 * MINUTE, 4)), START + MINUTE, START + 3 * MINUTE), 2);
});

test('of what happened unseen in a span the part within the window counts', () => {
  const span = all({ from: START, to: START + 2 * WINDOW, count: 100 });
  equal(shown(span, START, START + 2 * WINDOW), 10);
  equal(shown(span, START, START + 2.5 * WINDOW), 5);
});

test('nothing is nothing, and a clock that runs behind breaks nothing', () => {
  equal([shown([], START, START), shown([], START, START - MINUTE)], [0, 0]);
  equal(all(moment(START, 0), moment(START, -3), moment(START, NaN)), []);
  equal(shown(all({ from: START + 10, to: START, count: 5 }), START, START - MINUTE), 5);
});

test('a burst keeps one amount a second, and what is over is forgotten', () => {
  let amounts = [];
  for (let at = START; at < START + 2 * WINDOW; at += 100) amounts = addAmount(amounts, moment(at));
  equal(amounts.length <= WINDOW / 1000 + 1, true, `${amounts.length} amounts`);
  equal(shown(amounts, START, START + 2 * WINDOW), 600);
});

test('adding leaves the list before untouched', () => {
  const before = all(moment(START));
  addAmount(before, moment(START + 10));
  equal(before, [moment(START)]);
});
