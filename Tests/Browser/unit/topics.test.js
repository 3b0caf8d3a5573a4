import { isEvent, topicsOf } from '/protocol/topics.js';
import { equal, test } from './check.js';

test('every event of the contract finds its topics', () => {
  equal(topicsOf({ type: 'task.progress', task: 'a' }), ['tasks', 'task/a']);
  equal(topicsOf({ type: 'tasks.waiting', requires: [] }), ['tasks']);
  equal(topicsOf({ type: 'training.step' }), ['training']);
  equal(topicsOf({ type: 'client.left' }), ['clients']);
  equal(topicsOf({ type: 'library.added' }), ['library']);
  equal(topicsOf({ type: 'models.changed' }), ['models']);
  equal(topicsOf({ type: 'log.line' }), ['log']);
  equal(topicsOf({ type: 'app.message', topic: 'app/x' }), ['app/x']);
});

test('an unknown family or a type without a dot belongs nowhere and breaks nothing', () => {
  equal(topicsOf({ type: 'weather.changed' }), []);
  equal(topicsOf({ type: 'taskless' }), []);
  equal(topicsOf({ type: 'app.message' }), []);
});

test('answers are no events, though some carry an offset', () => {
  for (const type of ['welcome', 'snapshot', 'synced', 'resync', 'ok', 'pong', 'ready', 'error']) {
    equal(isEvent({ type, offset: 3 }), false, type);
  }
  equal(isEvent({ type: 'task.log', offset: 3 }), true);
  equal(isEvent({ type: 'task.log', offset: 1.5 }), false);
  equal(isEvent({ type: 'task.offer' }), false);
});
