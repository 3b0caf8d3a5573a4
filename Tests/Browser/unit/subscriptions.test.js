import { Subscriptions } from '/protocol/subscriptions.js';
import { equal, test } from './check.js';

/** Topics that are live at an offset. */
function live(names, offset, epoch = 'e1') {
  const subscriptions = new Subscriptions();
  for (const name of names) subscriptions.add(name);
  subscriptions.asked(1, { topics: names });
  for (const topic of names) subscriptions.snapshot({ topic, offset });
  subscriptions.synced({ id: 1, topics: names, epoch, offset });
  return subscriptions;
}

test('a new topic is asked for without since', () => {
  const subscriptions = new Subscriptions();
  subscriptions.add('tasks');
  equal(subscriptions.plan(), { topics: ['tasks'] });
});

test('nothing more is asked while an answer is outstanding', () => {
  const subscriptions = new Subscriptions();
  subscriptions.add('tasks');
  subscriptions.asked(1, { topics: ['tasks'] });
  subscriptions.add('clients');
  equal(subscriptions.plan(), null);
  equal(subscriptions.complete, false);
});

test('after a disconnect since is the last live offset, of whatever topic', () => {
  const subscriptions = live(['tasks', 'clients'], 10);
  equal(subscriptions.deliver({ offset: 12 }, ['tasks']), ['tasks']);
  subscriptions.disconnected();
  equal(subscriptions.plan(), { topics: ['tasks', 'clients'], since: { epoch: 'e1', offset: 12 } });
});

test('a replay that is cut leaves since where it was, and its repeats are not handed on', () => {
  const subscriptions = live(['tasks'], 10);
  subscriptions.disconnected();
  subscriptions.asked(2, { topics: ['tasks'] });
  equal(subscriptions.deliver({ offset: 11 }, ['tasks']), ['tasks']);
  subscriptions.disconnected();
  equal(subscriptions.plan().since.offset, 10);
  subscriptions.asked(3, { topics: ['tasks'] });
  equal(subscriptions.deliver({ offset: 11 }, ['tasks']), []);
  equal(subscriptions.deliver({ offset: 12 }, ['tasks']), ['tasks']);
});

test('topics with a position go first, those without ask for a snapshot after them', () => {
  const subscriptions = live(['tasks'], 10);
  subscriptions.add('task/a');
  subscriptions.disconnected();
  equal(subscriptions.plan(), { topics: ['tasks'], since: { epoch: 'e1', offset: 10 } });
  subscriptions.asked(2, { topics: ['tasks'] });
  subscriptions.synced({ id: 2, topics: ['tasks'], epoch: 'e1', offset: 11 });
  equal(subscriptions.plan(), { topics: ['task/a'] });
});

test('an event before the snapshot of its topic is left to the snapshot', () => {
  const subscriptions = live(['tasks'], 10);
  subscriptions.add('task/a');
  subscriptions.asked(2, { topics: ['task/a'] });
  equal(subscriptions.deliver({ offset: 11 }, ['tasks', 'task/a']), ['tasks']);
  subscriptions.snapshot({ topic: 'task/a', offset: 12 });
  equal(subscriptions.deliver({ offset: 12 }, ['tasks', 'task/a']), ['tasks']);
  equal(subscriptions.deliver({ offset: 13 }, ['tasks', 'task/a']), ['tasks', 'task/a']);
});

test('topics known up to different offsets are asked for from the lowest, and repeats are filtered', () => {
  const subscriptions = live(['tasks'], 20);
  subscriptions.add('task/a');
  subscriptions.asked(2, { topics: ['task/a'] });
  subscriptions.snapshot({ topic: 'task/a', offset: 15 });
  subscriptions.synced({ id: 2, topics: ['task/a'], epoch: 'e1', offset: 15 });
  subscriptions.disconnected();
  equal(subscriptions.plan().since.offset, 15);
  equal(subscriptions.deliver({ offset: 18 }, ['tasks', 'task/a']), ['task/a']);
});

test('resync forgets positions, and a cut before its snapshots asks for snapshots again', () => {
  const subscriptions = live(['tasks'], 10);
  subscriptions.resync({ topics: ['tasks'] });
  equal(subscriptions.deliver({ offset: 11 }, ['tasks']), []);
  subscriptions.snapshot({ topic: 'tasks', offset: 20 });
  subscriptions.disconnected();
  equal(subscriptions.plan(), { topics: ['tasks'] });
});

test('another epoch may count from zero', () => {
  const subscriptions = live(['tasks', 'clients'], 900);
  subscriptions.disconnected();
  subscriptions.asked(2, { topics: ['tasks', 'clients'] });
  subscriptions.resync({ topics: ['tasks', 'clients'] });
  for (const topic of ['tasks', 'clients']) subscriptions.snapshot({ topic, offset: 3 });
  subscriptions.synced({ id: 2, topics: ['tasks', 'clients'], epoch: 'e2', offset: 3 });
  equal(subscriptions.offset, 3);
  equal(subscriptions.deliver({ offset: 4 }, ['tasks']), ['tasks']);
  subscriptions.disconnected();
  equal(subscriptions.plan().since, { epoch: 'e2', offset: 4 });
});

test('what is replayed is counted, a snapshot is no replay, and a resync ends the count', () => {
  const replay = (messages) => {
    const subscriptions = live(['tasks'], 10);
    subscriptions.disconnected();
    subscriptions.asked(2, subscriptions.plan());
    messages(subscriptions);
    return subscriptions.synced({ id: 2, topics: ['tasks'], epoch: 'e1', offset: 20 });
  };
  equal(replay(() => {}), 0);
  equal(replay((subscriptions) => [11, 12].forEach((offset) => subscriptions.deliver({ offset }, ['tasks']))), 2);
  equal(replay((subscriptions) => subscriptions.resync({ topics: ['tasks'] })), null);
  const fresh = new Subscriptions();
  fresh.add('tasks');
  fresh.asked(1, fresh.plan());
  equal(fresh.synced({ id: 1, topics: ['tasks'], epoch: 'e1', offset: 20 }), null);
});

test('a topic that is not wanted any more is neither asked for nor fed', () => {
  const subscriptions = live(['tasks', 'task/a'], 10);
  subscriptions.remove('task/a');
  equal(subscriptions.deliver({ offset: 11 }, ['tasks', 'task/a']), ['tasks']);
  equal(subscriptions.snapshot({ topic: 'task/a', offset: 11 }), false);
  subscriptions.disconnected();
  equal(subscriptions.plan().topics, ['tasks']);
});
