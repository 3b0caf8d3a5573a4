import { finalReason, reconnectDelay } from '/protocol/backoff.js';
import { equal, test } from './check.js';

test('delays double from half a second up to thirty', () => {
  const delays = [0, 1, 2, 3, 4, 5, 6, 7, 40].map((attempt) => reconnectDelay(attempt, 1006, () => 0.5));
  equal(delays, [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
});

test('chance spreads a delay from half to one and a half', () => {
  equal(reconnectDelay(2, 1006, () => 0), 1000);
  equal(reconnectDelay(2, 1006, () => 1), 3000);
});

test('a server that stops is tried again after one to two seconds, later as ever', () => {
  equal(reconnectDelay(0, 1001, () => 0), 1000);
  equal(reconnectDelay(0, 1001, () => 1), 2000);
  equal(reconnectDelay(3, 1001, () => 0.5), 4000);
});

test('only codes that would come again are final', () => {
  const final = [];
  for (let code = 1000; code < 5000; code += 1) if (finalReason(code) !== null) final.push(code);
  equal(final, [1002, 1003, 1007, 1008, 1009]);
});
