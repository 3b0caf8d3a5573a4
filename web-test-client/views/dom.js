/** Small tools to make and update elements. Text is always text: nothing here parses HTML. */

const SVG = 'http://www.w3.org/2000/svg';

/** Drawings on a 16 × 16 grid, stroked in the colour of the text. */
const ICONS = {
  chevron: 'M6 4l4 4-4 4',
  running: 'M8 2.5a5.5 5.5 0 1 1-5.5 5.5',
  queued: 'M8 4.5V8l2.5 1.5M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11',
  done: 'M3.5 8.5l3 3 6-7',
  failed: 'M4.5 4.5l7 7M11.5 4.5l-7 7',
  cancelled: 'M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11M4.2 4.2l7.6 7.6',
};

/**
 * @param {string} tag
 * @param {object} [properties] `class`, `on…` listeners, `data-…`, `aria-…`, `role` and other attributes;
 *   undefined, null and false are left out
 * @param {...(Node|string)} children
 * @returns {HTMLElement}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children);
  return element;
}

/** @param {string} name one of ICONS @returns {SVGElement} hidden from screen readers */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  for (const [key, value] of Object.entries({ viewBox: '0 0 16 16', 'aria-hidden': 'true', class: `icon ${name}` })) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/** @param {string} id @returns {HTMLElement} an element of the page; a missing one is our own bug */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

/** Sets text only when it differs, so that nothing is laid out or announced again for nothing. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets or, for null, removes an attribute, only when it differs. */
export function setAttribute(element, name, value) {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

/**
 * Makes `nodes` the children of `parent`, in this order, moving as little as possible.
 * @param {Element} parent
 * @param {Element[]} nodes
 */
export function arrange(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  let cursor = parent.firstElementChild;
  for (const node of nodes) {
    if (node === cursor) cursor = cursor.nextElementSibling;
    else parent.insertBefore(node, cursor);
  }
}

/**
 * Runs a change after which whoever had the focus still has it, also when its element moved to another list.
 * @param {() => void} change
 */
export function keepFocus(change) {
  const focused = document.activeElement;
  change();
  if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true });
}
