/** The few HTTP requests of the page, and the token that goes with them. */

const STORED = 'vitrine.token';

/** @returns {string|null} the token of this tab */
export function storedToken() {
  return sessionStorage.getItem(STORED);
}

/** @param {string} token kept until the tab is closed */
export function storeToken(token) {
  sessionStorage.setItem(STORED, token);
}

/**
 * Moves a token from the page's address (`/?token=…`) to the store, so that it stands neither in the
 * history nor in a copied link.
 */
export function adoptTokenFromAddress() {
  const address = new URL(location.href);
  const token = address.searchParams.get('token');
  if (!token) return;
  storeToken(token);
  address.searchParams.delete('token');
  history.replaceState(null, '', address);
}

/** @typedef {{status: number, body: any}} Answer status 0 when nothing answers; body null when it is no JSON */

/** @param {string} path URL path of this server @returns {Promise<Answer>} */
export function getJSON(path) {
  return ask(path, { cache: 'no-store' });
}

/**
 * @param {string} method
 * @param {string} path URL path of this server
 * @param {object} [value] sent as JSON
 * @returns {Promise<Answer>}
 */
export function sendJSON(method, path, value) {
  if (value === undefined) return ask(path, { method });
  return ask(path, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) });
}

/** @param {string} path URL path of this server @param {FormData} form @returns {Promise<Answer>} */
export function sendForm(path, form) {
  return ask(path, { method: 'POST', body: form });
}

/** @param {Answer} answer of a request that failed @returns {string} why, in words */
export function failureWords({ status, body }) {
  if (status === 0) return 'The server does not answer.';
  const told = typeof body?.error === 'string' ? body.error : body?.error?.message;
  return told || `The server answered with status ${status}.`;
}

async function ask(path, options) {
  const token = storedToken();
  const headers = { ...options.headers, ...(token && { Authorization: `Bearer ${token}` }) };
  try {
    const response = await fetch(path, { ...options, headers });
    return { status: response.status, body: await response.json().catch(() => null) };
  } catch {
    return { status: 0, body: null };
  }
}

/**
 * For what the browser fetches itself and sends no header with.
 * @param {string} path URL path of this server
 * @returns {string} the path with the token, if there is one
 */
export function withToken(path) {
  const token = storedToken();
  if (!token) return path;
  return `${path}${path.includes('?') ? '&' : '?'}token=${encodeURIComponent(token)}`;
}

/** @param {Location} place @returns {string} the address of the realtime socket beside the page */
export function socketAddress(place) {
  return `${place.protocol === 'https:' ? 'wss:' : 'ws:'}//${place.host}/ws`;
}
