/** Who is connected, as the topic `clients` tells it; a pure reducer (contract: §5). */

/** @typedef {{known: boolean, byId: Map<string, object>}} Clients */

/** @returns {Clients} */
export function initialClients() {
  return { known: false, byId: new Map() };
}

/**
 * @param {Clients} state
 * @param {object[]} messages snapshots and events of `clients`, in order
 * @returns {Clients} a new state
 */
export function reduceClients(state, messages) {
  let { known, byId } = state;
  byId = new Map(byId);
  for (const message of messages) {
    switch (message.type) {
      case 'snapshot':
        byId = new Map(message.state.clients.map((client) => [client.id, client]));
        known = true;
        break;
      case 'client.joined':
        byId.set(message.client, message.info);
        break;
      case 'client.changed':
        // The newest state replaces an older one at the end of the queue; someone who left stays away.
        if (byId.has(message.client)) byId.set(message.client, message.info);
        break;
      case 'client.left':
        byId.delete(message.client);
        break;
      default:
    }
  }
  return { known, byId };
}

/**
 * @param {Clients} clients
 * @param {string|undefined} own id of this page's connection
 * @returns {object[]} our own first, then workers, then the others; within these the oldest first
 */
export function sortClients(clients, own) {
  const rank = (client) => (client.id === own ? 0 : client.kind === 'worker' ? 1 : 2);
  return [...clients.byId.values()].sort((a, b) => rank(a) - rank(b) || a.since - b.since);
}
