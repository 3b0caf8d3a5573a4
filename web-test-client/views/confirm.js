/** Asks before what cannot be undone. */

import { byId, setText } from './dom.js';

/**
 * @param {{title: string, text: string, yes: string}} question `yes`: what the button that does it says
 * @returns {Promise<boolean>} whether it is wanted
 */
export function confirmed({ title, text, yes }) {
  const dialog = byId('confirm');
  setText(byId('confirm-title'), title);
  setText(byId('confirm-text'), text);
  setText(byId('confirm-yes'), yes);
  dialog.returnValue = 'no';
  dialog.showModal();
  // What destroys is not what Enter hits by habit.
  byId('confirm-no').focus();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}
