/** State of the connection, in the masthead and for screen readers. */

import { byId, setAttribute, setText } from './dom.js';
import { count } from './format.js';

const WORDS = {
  offline: 'Starting',
  connecting: 'Connecting',
  syncing: 'Synchronizing',
  live: 'Live',
  waiting: 'Reconnecting',
  stopped: 'Stopped',
  unauthorized: 'Token needed',
};

const RESYNC_REASONS = {
  epoch: 'the server restarted',
  history: 'too much happened meanwhile',
  slow: 'this page was too slow',
};

export class ConnectionView {
  #announced = '';
  #status = { phase: 'offline', retryAt: null };

  /** @param {() => void} retry */
  constructor(retry) {
    byId('retry').addEventListener('click', retry);
  }

  /** @param {import('../protocol/types.js').Status} status @param {number} now our clock, ms */
  update(status, now) {
    this.#status = status;
    setAttribute(byId('connection'), 'data-phase', status.phase);
    setText(byId('server'), status.welcome?.server ?? '');
    setText(byId('role'), status.welcome?.role ?? '–');
    setText(byId('latency'), status.latency === null ? '–' : `${Math.round(status.latency)} ms`);
    setText(byId('recovery'), status.reason ?? recoveryText(status.recovery));
    // While an attempt is under way the button stays as it was, so that it does not come and go.
    if (status.phase !== 'connecting') byId('retry').hidden = status.phase !== 'stopped' && status.phase !== 'waiting';
    this.tick(now);
    this.#announce(status);
  }

  /** @param {number} now our clock, ms */
  tick(now) {
    const { phase, retryAt } = this.#status;
    const wait = phase === 'waiting' ? ` in ${Math.max(Math.ceil((retryAt - now) / 1000), 0)} s` : '';
    setText(byId('phase'), WORDS[phase] + wait);
  }

  #announce(status) {
    const text = announcement(status);
    if (text === null || text === this.#announced) return;
    this.#announced = text;
    setText(byId('announcer'), text);
  }
}

/** @returns {string|null} null while nothing worth saying has been reached */
function announcement({ phase, reason, recovery }) {
  if (phase === 'live') return recovery ? `Connected. ${recoveryText(recovery)}` : 'Connected.';
  if (phase === 'waiting') return 'Connection lost. Trying again.';
  if (phase === 'stopped') return `Connection stopped. ${reason}`;
  return null;
}

function recoveryText(recovery) {
  if (!recovery) return '';
  if (recovery.kind === 'resumed') {
    return `Resumed: ${count(recovery.replayed)} ${recovery.replayed === 1 ? 'event' : 'events'} replayed`;
  }
  return `Resynced: ${recovery.reason} (${RESYNC_REASONS[recovery.reason] ?? 'the server asked for it'})`;
}
