import { equal, rejection, test } from './check.js';
import { World } from './fakes.js';

test('a repeatable request survives the loss of its answer with the same id', async () => {
  const world = new World();
  world.greet();
  world.sync();
  const answer = world.connection.request({ type: 'task.run', name: 'long_task', task: 'mine' }, { repeat: true });
  const first = world.socket.of('task.run')[0];
  world.close(1006);
  world.pass(500);
  world.greet();
  equal(world.socket.of('task.run'), [first]);
  world.socket.receive({ type: 'ok', id: first.id, task: 'mine' });
  equal((await answer).task, 'mine');
  world.close(1006);
  world.pass(2000);
  world.greet();
  equal(world.socket.of('task.run').length, 0);
});

test('other requests fail when the connection ends, and at once without one', async () => {
  const world = new World();
  world.greet();
  world.sync();
  const answer = world.connection.request({ type: 'publish', topic: 'app/x', data: 1 });
  world.close(1006);
  equal((await rejection(answer)).code, 'disconnected');
  equal((await rejection(world.connection.request({ type: 'publish', topic: 'app/x', data: 1 }))).code, 'disconnected');
});

test('an error answers the request it names', async () => {
  const world = new World();
  world.greet();
  world.sync();
  const answer = world.connection.request({ type: 'task.cancel', task: 'gone' });
  const { id } = world.socket.of('task.cancel')[0];
  world.socket.receive({ type: 'error', id, code: 'unknown_task', message: 'No such task.' });
  const error = await rejection(answer);
  equal([error.code, error.message], ['unknown_task', 'No such task.']);
});
