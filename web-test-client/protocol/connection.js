/**
 * The client side of `vitrine.v1`: connects, subscribes, resumes, keeps alive. Knows no document;
 * socket, clock, chance and the status check are handed in, so that tests need none of them.
 */

import { finalReason, reconnectDelay } from './backoff.js';
import { Heartbeat } from './heartbeat.js';
import { Requests } from './requests.js';
import { Subscriptions } from './subscriptions.js';
import { isEvent, topicsOf } from './topics.js';

/** @typedef {import('./types.js').Status} Status */
/** @typedef {import('./types.js').Environment} Environment */
/** @typedef {import('./types.js').Handlers} Handlers */

/** Codes of a refused `subscribe` that asking again would not change. */
const REFUSED_FOR_GOOD = new Set(['bad_message', 'forbidden', 'limit_subscriptions', 'unknown_topic']);

export class Connection {
  #environment;
  #handlers;
  #hello;
  #socket = null;
  #opened = false;
  #attempt = 0;
  #timer = null;
  #heartbeat = null;
  #requests = new Requests();
  #topics = new Subscriptions();
  /** @type {Status} */
  #status = {
    phase: 'offline', welcome: null, epoch: null, offset: null, latency: null, skew: 0,
    retryAt: null, reason: null, recovery: null,
  };

  /**
   * @param {Environment} environment
   * @param {Handlers} handlers
   * @param {{name: string, kind: string}} hello how this client introduces itself
   */
  constructor(environment, handlers, hello) {
    this.#environment = environment;
    this.#handlers = handlers;
    this.#hello = hello;
  }

  /** @returns {Status} */
  get status() {
    return this.#status;
  }

  /** Connects now, whatever was waited for. Does nothing while a connection stands or is being made. */
  connect() {
    if (this.#socket) return;
    this.#setTimer(null);
    this.#opened = false;
    const token = this.#environment.token();
    const protocols = token ? ['vitrine.v1', `vitrine.token.${token}`] : ['vitrine.v1'];
    const socket = this.#environment.open(protocols);
    this.#socket = socket;
    this.#update({ phase: 'connecting', retryAt: null, reason: null });
    socket.onopen = () => { if (socket === this.#socket) this.#didOpen(); };
    socket.onmessage = (event) => { if (socket === this.#socket) this.#receive(event.data); };
    socket.onclose = (event) => { if (socket === this.#socket) this.#didClose(event.code); };
  }

  /** Cuts the connection as a network would, to show that nothing is lost; reconnecting follows. */
  drop() {
    const socket = this.#socket;
    if (!socket) return;
    socket.close(4000);
    // Waiting for the close handshake would let events in that a cut line would not.
    this.#didClose(1006);
  }

  /** Stops waiting and tries at once; for "back online" and "retry". */
  retry() {
    this.#attempt = 0;
    this.connect();
  }

  /** @param {string} topic subscribed from now on, also after reconnects */
  subscribe(topic) {
    if (this.#topics.has(topic)) return;
    this.#topics.add(topic);
    if (this.#isGreeted) this.#subscribeNext();
  }

  /** @param {string} topic */
  unsubscribe(topic) {
    if (!this.#topics.has(topic)) return;
    this.#topics.remove(topic);
    if (this.#isGreeted) this.#send({ type: 'unsubscribe', topics: [topic] });
  }

  /**
   * Sends a message that the server answers.
   * @param {object} message without `id`
   * @param {{repeat?: boolean}} [options] `repeat`: send it again if the answer is lost
   * @returns {Promise<object>} the answer; rejects with `RequestError`
   */
  request(message, { repeat = false } = {}) {
    const { message: sent, answer } = this.#requests.add(message, repeat);
    if (this.#isGreeted) this.#send(sent);
    else if (!repeat) this.#requests.disconnected();
    return answer;
  }

  /** Looks at the clock; for timers that a page in the background got late. */
  wake() {
    if (this.#heartbeat) this.#beat();
  }

  get #isGreeted() {
    return this.#status.phase === 'syncing' || this.#status.phase === 'live';
  }

  #didOpen() {
    this.#opened = true;
    this.#heartbeat = new Heartbeat(this.#environment.now());
    this.#beat();
  }

  #receive(text) {
    this.#heartbeat?.heard(this.#environment.now());
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      return; // A server that sends no JSON is not ours to judge; the contract says ignore the unknown.
    }
    if (message === null || typeof message !== 'object' || typeof message.type !== 'string') return;
    this.#handlers.message(message, text);
    if (isEvent(message)) this.#event(message);
    else this.#control(message);
  }

  #event(event) {
    for (const topic of this.#topics.deliver(event, topicsOf(event))) this.#handlers.topic(topic, event);
    this.#update({ offset: this.#topics.offset });
  }

  #control(message) {
    switch (message.type) {
      case 'welcome': return this.#welcome(message);
      case 'snapshot':
        if (this.#topics.snapshot(message)) this.#handlers.topic(message.topic, message);
        return;
      case 'resync':
        this.#topics.resync(message);
        return this.#update({ phase: 'syncing', recovery: this.#recovery('resynced', { reason: message.reason }) });
      case 'synced': return this.#synced(message);
      case 'pong': return this.#update(this.#heartbeat.answered(message.at, this.#environment.now()));
      case 'error':
        if (this.#topics.isAsked(message.id)) this.#subscribeRefused(message);
        else this.#requests.settle(message);
        return;
      default: this.#requests.settle(message);
    }
  }

  #welcome(message) {
    this.#update({ phase: 'syncing', welcome: message, epoch: message.epoch, offset: message.offset });
    this.#send({ type: 'hello', id: this.#requests.nextId(), ...this.#hello });
    for (const repeated of this.#requests.repeats()) this.#send(repeated);
    this.#ping();
    this.#subscribeNext();
  }

  #synced(message) {
    const replayed = this.#topics.synced(message);
    this.#update({ epoch: this.#topics.epoch, offset: this.#topics.offset });
    if (replayed !== null) this.#update({ recovery: this.#recovery('resumed', { replayed }) });
    this.#subscribeNext();
  }

  /** Asks for what is not live yet; once all is, the connection counts as working. */
  #subscribeNext() {
    const plan = this.#topics.plan();
    if (plan) {
      const id = this.#requests.nextId();
      this.#topics.asked(id, plan);
      this.#send({ type: 'subscribe', id, ...plan });
    } else if (this.#topics.complete) {
      this.#attempt = 0;
      if (this.#status.phase !== 'live') this.#update({ phase: 'live' });
    }
  }

  #subscribeRefused(message) {
    if (!REFUSED_FOR_GOOD.has(message.code)) return this.drop();
    this.#topics.refused();
    this.#subscribeNext();
  }

  #recovery(kind, details) {
    return { kind, ...details, at: this.#environment.now() };
  }

  #ping() {
    this.#heartbeat.sent(this.#environment.now());
    this.#send({ type: 'ping', id: this.#requests.nextId() });
  }

  #beat() {
    const verdict = this.#heartbeat.check(this.#environment.now());
    if (verdict === 'gone') return this.drop();
    if (verdict === 'ping') this.#ping();
    this.#setTimer(() => this.#beat(), this.#heartbeat.next(this.#environment.now()));
  }

  async #didClose(code) {
    const opened = this.#opened;
    this.#socket = null;
    this.#heartbeat = null;
    this.#topics.disconnected();
    this.#requests.disconnected();
    const final = finalReason(code);
    if (final) return this.#stop(`Closed with code ${code}: ${final}.`);
    const delay = reconnectDelay(this.#attempt, code, this.#environment.random);
    this.#attempt += 1;
    this.#update({ phase: 'waiting', latency: null, retryAt: this.#environment.now() + delay });
    this.#setTimer(() => this.connect(), delay);
    if (!opened) await this.#askWhy();
  }

  /** A handshake that failed says nothing; the same server answers HTTP with the reason. */
  async #askWhy() {
    const answer = await this.#environment.probe();
    if (this.#status.phase !== 'waiting') return;
    if (answer.status === 401) this.#stop(null, 'unauthorized');
    else if (answer.status === 403) this.#stop(answer.message ?? 'The server refuses this page (403).');
  }

  #stop(reason, phase = 'stopped') {
    this.#setTimer(null);
    this.#update({ phase, reason, latency: null, retryAt: null });
  }

  #setTimer(run, ms) {
    if (this.#timer !== null) this.#environment.clearTimer(this.#timer);
    this.#timer = run === null ? null : this.#environment.setTimer(run, ms);
  }

  #send(message) {
    this.#socket.send(JSON.stringify(message));
  }

  #update(change) {
    this.#status = { ...this.#status, ...change };
    this.#handlers.status(this.#status);
  }
}
