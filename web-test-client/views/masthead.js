/** What stands on every page: the bar at the top, and the question for the token. */

import { byId, h } from './dom.js';

const PAGES = [['./', 'Live'], ['library.html', 'Library'], ['gallery.html', 'Models']];

/** @param {string} current name of the page that this is, among those that are linked */
export function buildMasthead(current) {
  byId('masthead').append(brand(current), aftermath(), link());
  document.body.append(tokenDialog());
}

function brand(current) {
  const pages = PAGES.map(([href, name]) => h('a', { href, 'aria-current': name === current && 'page' }, name));
  return h('div', { class: 'brand' },
    h('img', { class: 'logo', src: 'favicon.svg', width: 28, height: 28, alt: '' }),
    h('h1', {}, 'Vitrine'),
    h('span', { class: 'server', id: 'server' }),
    h('nav', { class: 'pages', 'aria-label': 'Pages' }, ...pages));
}

/** What a reconnect has to say. */
function aftermath() {
  return h('div', { class: 'aftermath', role: 'group', 'aria-label': 'Reconnecting' },
    h('span', { class: 'note', id: 'recovery' }),
    h('button', { type: 'button', class: 'button small', id: 'retry', hidden: true }, 'Retry now'));
}

function link() {
  return h('div', { class: 'link', role: 'group', 'aria-label': 'Connection', id: 'connection', 'data-phase': 'offline' },
    h('span', { class: 'pill' }, h('span', { class: 'lamp', 'aria-hidden': 'true' }), h('span', { id: 'phase' }, 'Starting')),
    h('span', { class: 'fact', id: 'latency-fact' }, h('span', { class: 'key' }, 'latency'), ' ', h('span', { id: 'latency' }, '–')),
    h('span', { class: 'fact' }, h('span', { class: 'key' }, 'role'), ' ', h('span', { id: 'role' }, '–')));
}

function tokenDialog() {
  return h('dialog', { id: 'token-dialog', 'aria-labelledby': 'token-title' },
    h('form', { id: 'token-form', method: 'dialog' },
      h('h2', { id: 'token-title' }, 'This server asks for a token'),
      h('p', { id: 'token-text' }),
      h('label', { for: 'token' }, 'Token'),
      h('input', {
        id: 'token', type: 'password', autocomplete: 'current-password', required: true, maxlength: 128,
        pattern: '[A-Za-z0-9._~\\-]+', title: '1 to 128 of A-Z a-z 0-9 . _ ~ -',
      }),
      h('button', { type: 'submit', class: 'button primary' }, 'Connect')));
}
