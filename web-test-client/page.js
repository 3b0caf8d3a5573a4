/** What every page does: shows the masthead, asks for the token, and keeps one connection. */

import { Connection } from './protocol/connection.js';
import { adoptTokenFromAddress, getJSON, socketAddress, storedToken, storeToken } from './protocol/http.js';
import { ConnectionView } from './views/connection.js';
import { perFrame } from './views/frame.js';
import { buildMasthead } from './views/masthead.js';
import { TokenView } from './views/token.js';

/**
 * @typedef {object} Page
 * @property {string} name as the masthead links it
 * @property {string} client how it introduces itself to the server
 * @property {string} probe address that tells by HTTP why a handshake failed
 * @property {(topic: string, message: object) => void} topic a snapshot or an event not seen before
 * @property {(message: object, text: string) => void} [message] every message received, as it came
 * @property {(status: import('./protocol/types.js').Status) => void} [status]
 * @property {() => void} [token] a token was given; what was refused may be asked for again
 */

/**
 * @param {Page} page
 * @returns {Connection} to be subscribed with and then connected
 */
export function startPage(page) {
  adoptTokenFromAddress();
  buildMasthead(page.name);
  const redraw = perFrame(() => {
    connectionView.update(connection.status, Date.now());
    if (connection.status.phase === 'unauthorized') tokenView.ask(storedToken() !== null);
  });
  const connection = new Connection(
    {
      open: (protocols) => new WebSocket(socketAddress(location), protocols),
      probe: async () => {
        const { status, body } = await getJSON(page.probe);
        return { status, message: body?.error?.message };
      },
      token: storedToken,
      now: () => Date.now(),
      setTimer: (run, ms) => setTimeout(run, ms),
      clearTimer: (timer) => clearTimeout(timer),
      random: Math.random,
    },
    {
      status: (status) => {
        redraw();
        page.status?.(status);
      },
      topic: page.topic,
      message: page.message ?? (() => {}),
    },
    { name: page.client, kind: 'dashboard' },
  );
  const connectionView = new ConnectionView(() => connection.retry());
  const tokenView = new TokenView((token) => {
    storeToken(token);
    connection.retry();
    page.token?.();
  });
  setInterval(() => connectionView.tick(Date.now()), 1000);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) connection.wake();
  });
  window.addEventListener('online', () => connection.retry());
  return connection;
}
