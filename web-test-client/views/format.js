/** Numbers and times in words. Pure. */

const COUNT = new Intl.NumberFormat('en');
const SIZE = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const RATE = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** @param {number|null|undefined} value @returns {string} with thousands separated */
export function count(value) {
  return value == null ? '–' : COUNT.format(value);
}

/** @param {number|null|undefined} bytes @returns {string} in decimal units, three digits */
export function size(bytes) {
  if (bytes == null) return '–';
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${SIZE.format(value)} ${UNITS[unit]}`;
}

/** @param {number} perMinute @returns {string} `0 / min`, `0.4 / min`, `12 / min`; what is rare stays above zero */
export function rate(perMinute) {
  const shown = perMinute > 0 && perMinute < 0.1 ? '< 0.1' : RATE.format(perMinute);
  return `${shown} / min`;
}

/** @param {number} ms negative counts as 0 @returns {string} `0.4 s`, `12 s`, `3 min 04 s`, `2 h 05 min`, `3 d 4 h` */
export function duration(ms) {
  const seconds = Math.max(ms, 0) / 1000;
  if (seconds < 10) return `${(Math.floor(seconds * 10) / 10).toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${pad(Math.floor(seconds % 60))} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${pad(minutes % 60)} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** @param {number} ms @returns {string} the same without fractions: ages change once a second */
export function age(ms) {
  const whole = Math.floor(Math.max(ms, 0) / 1000);
  return whole < 10 ? `${whole} s` : duration(whole * 1000);
}

/** @param {number} at ms since 1970 @returns {string} local time of day */
export function clock(at) {
  return CLOCK.format(at);
}

/** @param {string} id @returns {string} of a UUID its beginning, enough for people to tell tasks apart; others whole */
export function shortId(id) {
  return id.replace(/\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, '$1');
}

/** @param {object|null|undefined} params @returns {string} `steps 40, delay_ms 150`, for one line */
export function brief(params) {
  return Object.entries(params ?? {})
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

function pad(value) {
  return String(value).padStart(2, '0');
}
