import { whoTurns } from '/state/turns.js';
import { equal, test } from './check.js';

const shown = (...since) => since.map((each, place) => ({ card: 'abcdefghij'[place], since: each }));

test('a picture stays for five seconds', () => {
  equal([whoTurns(shown(0), 0, 4999), whoTurns(shown(0), 0, 5000), whoTurns([], 0, 9000)], [null, 'a', null]);
});

test('the one that has waited longest turns', () => {
  equal(whoTurns(shown(300, 100, 200), 0, 9000), 'b');
  equal(whoTurns(shown(6000, 7000), 0, 9000), null);
});

test('of many cards one alone turns at a time, with a pause after it', () => {
  const cards = shown(...Array(10).fill(0));
  let [last, turns] = [0, []];
  for (let now = 0; now <= 20_000; now += 100) {
    const card = whoTurns(cards, last, now);
    if (card === null) continue;
    turns.push(now - last);
    last = now;
    cards.find((each) => each.card === card).since = now;
  }
  equal(turns.length > 12, true, 'turns');
  equal(Math.min(...turns) >= 900, true, 'pause');
});

test('two cards share the time evenly', () => {
  equal([whoTurns(shown(0, 0), 5000, 7400), whoTurns(shown(0, 0), 5000, 7500)], [null, 'a']);
});
