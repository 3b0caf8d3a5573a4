/**
 * Types of the connection, for readers and editors; nothing runs here.
 *
 * @typedef {object} Status
 * @property {'offline'|'connecting'|'syncing'|'live'|'waiting'|'stopped'|'unauthorized'} phase
 * @property {object|null} welcome the last `welcome`
 * @property {string|null} epoch
 * @property {number|null} offset the highest offset seen
 * @property {number|null} latency ms of the last ping
 * @property {number} skew server clock minus ours, ms
 * @property {number|null} retryAt our clock, ms; in phase `waiting`
 * @property {string|null} reason in words; in phase `stopped`
 * @property {Recovery|null} recovery how the last reconnect went
 *
 * @typedef {object} Recovery
 * @property {'resumed'|'resynced'} kind
 * @property {number} [replayed] events replayed, when resumed
 * @property {'epoch'|'history'|'slow'} [reason] when resynced
 * @property {number} at our clock, ms
 *
 * @typedef {object} Environment
 * @property {(protocols: string[]) => WebSocket} open makes a socket
 * @property {() => Promise<{status: number, message?: string}>} probe asks the server by HTTP why a
 *   handshake failed, which the browser does not tell; status 0 when nothing answers
 * @property {() => string|null} token
 * @property {() => number} now ms
 * @property {(run: () => void, ms: number) => unknown} setTimer
 * @property {(timer: unknown) => void} clearTimer
 * @property {() => number} random 0…1
 *
 * @typedef {object} Handlers
 * @property {(status: Status) => void} status
 * @property {(topic: string, message: object) => void} topic a `snapshot` or an event not seen before
 * @property {(message: object, text: string) => void} message every message received, as it came
 */

export {};
