import { equal, test } from './check.js';
import { logEvent, World } from './fakes.js';

test('says nothing before the welcome, then introduces itself and subscribes', () => {
  const world = new World(['tasks', 'clients']);
  world.socket.onopen();
  equal(world.socket.sent, []);
  world.greet();
  equal(world.socket.sent.map((message) => message.type), ['hello', 'ping', 'subscribe']);
  equal(world.socket.of('hello')[0].kind, 'dashboard');
  equal(world.socket.of('subscribe')[0].topics, ['tasks', 'clients']);
  equal(world.status.phase, 'syncing');
  world.sync();
  equal(world.status.phase, 'live');
});

test('offers the token beside the protocol, and none without one', () => {
  const world = new World();
  equal(world.socket.protocols, ['vitrine.v1']);
  world.token = 'secret';
  world.close(1006);
  world.pass(1000);
  equal(world.socket.protocols, ['vitrine.v1', 'vitrine.token.secret']);
});

test('resumes from the last live event and counts what is replayed', () => {
  const world = new World();
  world.greet();
  world.sync(10);
  world.socket.receive(logEvent(12), logEvent(14));
  world.close(1006);
  world.pass(500);
  world.greet({ offset: 19 });
  const subscribe = world.socket.of('subscribe')[0];
  equal(subscribe.since, { epoch: 'e1', offset: 14 });
  const { id, topics } = subscribe;
  world.socket.receive(logEvent(15), logEvent(19), { type: 'synced', id, topics, epoch: 'e1', offset: 19 });
  equal(world.status.recovery.kind, 'resumed');
  equal(world.status.recovery.replayed, 2);
  equal(world.delivered.map(([, , offset]) => offset), [10, 12, 14, 15, 19]);
  equal(world.status.phase, 'live');
});

test('an event that comes twice is handed on once', () => {
  const world = new World();
  world.greet();
  world.sync(10);
  world.socket.receive(logEvent(11), logEvent(11), logEvent(9));
  equal(world.delivered.map(([, , offset]) => offset), [10, 11]);
});

test('resync is told with its reason and takes the snapshots that follow', () => {
  const world = new World();
  world.greet();
  world.sync(10);
  world.close(1006);
  world.pass(500);
  world.greet({ epoch: 'e2', offset: 2 });
  world.socket.receive({ type: 'resync', reason: 'epoch', topics: ['tasks'] });
  equal(world.status.phase, 'syncing');
  world.sync(2, 'e2');
  equal(world.status.recovery.kind, 'resynced');
  equal(world.status.recovery.reason, 'epoch');
  equal([world.status.epoch, world.status.offset, world.status.phase], ['e2', 2, 'live']);
});

test('a slow resync in the middle of a connection ends live again', () => {
  const world = new World();
  world.greet();
  world.sync(10);
  world.socket.receive(
    { type: 'resync', reason: 'slow', topics: ['tasks'] },
    { type: 'snapshot', topic: 'tasks', offset: 50, state: {} },
    { type: 'synced', topics: ['tasks'], epoch: 'e1', offset: 50 },
    logEvent(51),
  );
  equal(world.status.phase, 'live');
  equal(world.delivered.map(([, , offset]) => offset), [10, 50, 51]);
});

test('backs off longer each time, and starts over once it has been live', () => {
  const world = new World();
  const waits = [];
  for (let round = 0; round < 4; round += 1) {
    world.close(1006);
    waits.push(world.status.retryAt - world.time);
    world.pass(waits.at(-1));
  }
  equal(waits, [500, 1000, 2000, 4000]);
  world.greet();
  world.sync();
  world.close(1006);
  equal(world.status.retryAt - world.time, 500);
});

test('a greeting alone does not shorten the back-off', () => {
  const world = new World();
  world.close(1006);
  world.pass(500);
  world.greet();
  world.close(1006);
  equal(world.status.retryAt - world.time, 1000);
});

test('stops after a close that would come again, says why, and tries when asked', () => {
  for (const code of [1002, 1003, 1007, 1008, 1009]) {
    const world = new World();
    world.greet();
    world.sync();
    world.close(code);
    equal(world.status.phase, 'stopped');
    equal(world.status.reason.includes(String(code)), true, 'the reason names the code');
    world.pass(3_600_000);
    equal(world.sockets.length, 1);
    world.connection.retry();
    equal(world.sockets.length, 2);
  }
});

test('asks for a token when the handshake fails and HTTP says 401', async () => {
  const world = new World();
  world.answer = { status: 401 };
  world.close(1006);
  await world.settle();
  equal(world.status.phase, 'unauthorized');
  world.pass(3_600_000);
  equal(world.sockets.length, 1);
});

test('a refused page stops with the words of the server', async () => {
  const world = new World();
  world.answer = { status: 403, message: 'This host is not allowed.' };
  world.close(1006);
  await world.settle();
  equal([world.status.phase, world.status.reason], ['stopped', 'This host is not allowed.']);
});

test('a server that is away is tried again', async () => {
  const world = new World();
  world.close(1006);
  await world.settle();
  equal(world.status.phase, 'waiting');
  world.pass(500);
  equal(world.sockets.length, 2);
});

test('pings an idle server, measures the answer, and leaves a silent one after 60 s', () => {
  const world = new World();
  world.greet();
  world.sync();
  world.socket.receive({ type: 'pong', at: world.time });
  world.pass(24_999);
  equal(world.socket.of('ping').length, 1);
  world.pass(1);
  equal(world.socket.of('ping').length, 2);
  world.pass(40);
  world.socket.receive({ type: 'pong', at: world.time + 5000 });
  equal([world.status.latency, world.status.skew], [40, 5020]);
  world.pass(59_999);
  equal(world.status.phase, 'live');
  world.pass(1);
  equal(world.status.phase, 'waiting');
  equal(world.socket.closedWith, 4000);
});

test('late words of a connection that was left are not heard', () => {
  const world = new World();
  world.greet();
  world.sync();
  const left = world.socket;
  world.connection.drop();
  left.receive(logEvent(11));
  left.onclose({ code: 1009 });
  equal([world.status.phase, world.status.offset], ['waiting', 10]);
});

test('a topic opened while live is subscribed alone, and left with unsubscribe', () => {
  const world = new World();
  world.greet();
  world.sync();
  world.connection.subscribe('task/t1');
  equal(world.socket.of('subscribe').at(-1).topics, ['task/t1']);
  world.sync(11);
  equal(world.status.phase, 'live');
  world.socket.receive(logEvent(12));
  equal(world.delivered.slice(-2), [['tasks', 'task.log', 12], ['task/t1', 'task.log', 12]]);
  world.connection.unsubscribe('task/t1');
  equal(world.socket.of('unsubscribe')[0].topics, ['task/t1']);
});

test('a topic refused for good is given up, one refused for now is asked for again', () => {
  const world = new World();
  world.greet();
  world.sync();
  world.connection.subscribe('log');
  world.socket.receive({ type: 'error', id: world.socket.of('subscribe').at(-1).id, code: 'forbidden', message: '' });
  equal(world.status.phase, 'live');
  world.connection.subscribe('task/t1');
  world.socket.receive({ type: 'error', id: world.socket.of('subscribe').at(-1).id, code: 'internal', message: '' });
  equal(world.status.phase, 'waiting');
  world.pass(500);
  world.greet();
  equal(world.socket.of('subscribe')[0].since.offset, 10);
});

test('unknown types, unknown topics and what is no JSON change nothing', () => {
  const world = new World();
  world.greet();
  world.sync();
  world.socket.onmessage({ data: '{' });
  world.socket.onmessage({ data: '[1]' });
  world.socket.onmessage({ data: 'null' });
  world.socket.receive({ type: 'weather', degrees: 3 }, { type: 'snapshot', topic: 'log', offset: 11, state: {} });
  equal(world.status.phase, 'live');
  equal(world.delivered.length, 1);
  equal(world.messages.slice(-2), ['weather', 'snapshot']);
});
