/** A world for a connection: sockets that do what the test says, a clock that only the test moves. */

import { Connection } from '/protocol/connection.js';

/** A socket that remembers what was sent and lets the test play the server. */
export class FakeSocket {
  sent = [];
  closedWith = null;

  constructor(protocols) {
    this.protocols = protocols;
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close(code) {
    this.closedWith = code;
  }

  /** @returns {object[]} the messages sent of this type */
  of(type) {
    return this.sent.filter((message) => message.type === type);
  }

  receive(...messages) {
    for (const message of messages) this.onmessage({ data: JSON.stringify(message) });
  }
}

export class World {
  time = 1_000_000;
  token = null;
  chance = 0.5;
  answer = { status: 0 };
  sockets = [];
  timers = [];
  statuses = [];
  delivered = [];
  messages = [];

  constructor(topics = ['tasks']) {
    this.connection = new Connection(
      {
        open: (protocols) => {
          this.sockets.push(new FakeSocket(protocols));
          return this.sockets.at(-1);
        },
        probe: async () => this.answer,
        token: () => this.token,
        now: () => this.time,
        setTimer: (run, ms) => {
          const timer = { run, at: this.time + ms };
          this.timers.push(timer);
          return timer;
        },
        clearTimer: (timer) => {
          this.timers = this.timers.filter((other) => other !== timer);
        },
        random: () => this.chance,
      },
      {
        status: (status) => this.statuses.push(status),
        topic: (topic, message) => this.delivered.push([topic, message.type, message.offset]),
        message: (message) => this.messages.push(message.type),
      },
      { name: 'test', kind: 'dashboard' },
    );
    for (const topic of topics) this.connection.subscribe(topic);
    this.connection.connect();
  }

  get socket() {
    return this.sockets.at(-1);
  }

  get status() {
    return this.connection.status;
  }

  /** Moves the clock, running on the way what falls due. */
  pass(ms) {
    const end = this.time + ms;
    for (;;) {
      const due = this.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.timers = this.timers.filter((timer) => timer !== due);
      this.time = Math.max(this.time, due.at);
      due.run();
    }
    this.time = end;
  }

  /** The handshake succeeds and the server greets. */
  greet({ epoch = 'e1', offset = 10, role = 'admin' } = {}) {
    this.socket.onopen();
    const server = 'vitrine/test';
    this.socket.receive({ type: 'welcome', client: 'me', epoch, offset, server, role, ping: 25000, limits: {} });
  }

  /** The last `subscribe` is answered with empty snapshots at `offset`. */
  sync(offset = 10, epoch = 'e1') {
    const { id, topics } = this.socket.of('subscribe').at(-1);
    for (const topic of topics) this.socket.receive({ type: 'snapshot', topic, offset, state: {} });
    this.socket.receive({ type: 'synced', id, topics, epoch, offset });
  }

  /** The connection ends, as the browser tells it. */
  close(code) {
    this.socket.onclose({ code });
  }

  /** Lets promises that are settled have their effect. */
  async settle() {
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }
}

/** @returns {object} a `task.log` event: lossless, of `tasks` and of `task/<task>` */
export function logEvent(offset, task = 't1') {
  return { type: 'task.log', offset, at: 0, task, level: 'info', message: `line ${offset}` };
}
