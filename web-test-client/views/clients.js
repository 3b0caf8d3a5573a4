/** Who is connected, as a table. */

import { sortClients } from '../state/clients.js';
import { arrange, byId, h, setAttribute, setText } from './dom.js';
import { age, count, shortId } from './format.js';

/** Rows shown; a server may have twenty thousand sockets. */
const ROWS = 100;

export class ClientsView {
  /** @type {Map<string, ClientRow>} */
  #rows = new Map();

  /**
   * @param {import('../state/clients.js').Clients} clients
   * @param {{own: string|undefined, now: number}} context `own`: id of this page's connection
   */
  update(clients, context) {
    setText(byId('count-clients'), clients.known ? count(clients.byId.size) : '–');
    for (const id of this.#rows.keys()) if (!clients.byId.has(id)) this.#rows.delete(id);
    const elements = sortClients(clients, context.own).slice(0, ROWS).map((client) => {
      let row = this.#rows.get(client.id);
      if (!row) this.#rows.set(client.id, (row = new ClientRow(client.id)));
      row.update(client, client.id === context.own, context.now);
      return row.element;
    });
    arrange(byId('clients'), elements);
  }

  /** @param {number} now by the server's clock, ms */
  tick(now) {
    for (const row of this.#rows.values()) row.tick(now);
  }
}

class ClientRow {
  #since = 0;
  #name = h('span', { class: 'client-name' });
  #own = h('span', { class: 'badge' }, 'you');
  #detail = h('span');
  #role = h('td');
  #protocol = h('span');
  #transport = h('span', { class: 'client-detail' });
  #topics = h('td', { class: 'number' });
  #age = h('td', { class: 'number' });

  constructor(id) {
    this.element = h('tr', { 'data-client': id },
      h('th', { scope: 'row' }, this.#name, h('span', { class: 'client-detail' }, this.#own, ' ', this.#detail)),
      this.#role, h('td', {}, this.#protocol, this.#transport), this.#topics, this.#age);
  }

  update(client, own, now) {
    this.#since = client.since;
    setAttribute(this.element, 'data-kind', client.kind);
    setText(this.#name, client.name || shortId(client.id));
    this.#own.hidden = !own;
    setText(this.#detail, detail(client));
    setText(this.#role, client.role ?? '–');
    setText(this.#protocol, client.protocol);
    setText(this.#transport, client.transport);
    setText(this.#topics, count(client.topics?.length ?? 0));
    setAttribute(this.#topics, 'title', client.topics?.join(', ') || null);
    this.tick(now);
  }

  tick(now) {
    setText(this.#age, age(now - this.#since));
  }
}

function detail({ kind, worker, address }) {
  if (!worker) return [kind, address].filter(Boolean).join(' · ');
  return [`${kind}, ${count(worker.busy)} of ${count(worker.slots)} busy`, address].filter(Boolean).join(' · ');
}
