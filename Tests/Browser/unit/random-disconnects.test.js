import { equal, test } from './check.js';
import { logEvent, World } from './fakes.js';

/** Small generator with a seed, so that a failure can be run again. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

test('no event is lost or repeated over random disconnects', () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const random = generator(seed);
    const world = new World();
    const history = [];
    let offset = 10;
    world.greet();
    world.sync(offset);
    for (let step = 0; step < 60; step += 1) {
      const next = () => logEvent((offset += 1 + Math.floor(random() * 3)));
      const happened = Array.from({ length: Math.floor(random() * 4) }, next);
      history.push(...happened);
      if (random() < 0.7) {
        world.socket.receive(...happened);
        continue;
      }
      world.socket.receive(...happened.slice(0, Math.floor(random() * (happened.length + 1))));
      for (let done = false; !done;) {
        world.close(1006);
        world.pass(60_000);
        world.greet({ offset });
        const { id, since } = world.socket.of('subscribe')[0];
        const missed = history.filter((event) => event.offset > since.offset);
        done = random() < 0.5;
        world.socket.receive(...missed.slice(0, done ? missed.length : Math.floor(random() * missed.length)));
        if (done) world.socket.receive({ type: 'synced', id, topics: ['tasks'], epoch: 'e1', offset });
      }
    }
    equal(world.delivered.slice(1).map((entry) => entry[2]), history.map((event) => event.offset), `seed ${seed}`);
  }
});
