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

/**
 * @param {string} path URL path of this server
 * @returns {Promise<{status: number, body: any}>} status 0 when nothing answers; body null when it is no JSON
 */
export async function getJSON(path) {
  const token = storedToken();
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  try {
    const response = await fetch(path, { headers, cache: 'no-store' });
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
