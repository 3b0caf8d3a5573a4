import { initialClients, reduceClients, sortClients } from '/state/clients.js';
import { equal, test } from './check.js';

const client = (id, more = {}) => ({ id, kind: 'script', since: 1, topics: [], ...more });

test('clients join, change and leave', () => {
  let state = reduceClients(initialClients(), [
    { type: 'snapshot', state: { clients: [client('a')] } },
    { type: 'client.joined', client: 'b', info: client('b') },
    { type: 'client.changed', client: 'b', info: client('b', { name: 'box' }) },
    { type: 'client.left', client: 'a' },
  ]);
  equal([...state.byId.values()], [client('b', { name: 'box' })]);
  equal(state.known, true);
});

test('a change that comes after leaving brings nobody back', () => {
  const state = reduceClients(initialClients(), [
    { type: 'client.joined', client: 'a', info: client('a') },
    { type: 'client.left', client: 'a' },
    { type: 'client.changed', client: 'a', info: client('a') },
  ]);
  equal(state.byId.size, 0);
});

test('our own comes first, then workers, then by age', () => {
  const state = reduceClients(initialClients(), [
    { type: 'client.joined', client: 'young', info: client('young', { since: 9 }) },
    { type: 'client.joined', client: 'old', info: client('old') },
    { type: 'client.joined', client: 'gpu', info: client('gpu', { kind: 'worker', since: 5 }) },
    { type: 'client.joined', client: 'me', info: client('me', { since: 20 }) },
  ]);
  equal(sortClients(state, 'me').map((entry) => entry.id), ['me', 'gpu', 'old', 'young']);
});
