/** Asks for the token when the server wants one. */

import { byId, setText } from './dom.js';

export class TokenView {
  #dialog = byId('token-dialog');

  /** @param {(token: string) => void} connect */
  constructor(connect) {
    byId('token-form').addEventListener('submit', (event) => {
      event.preventDefault();
      const input = byId('token');
      const token = input.value;
      input.value = '';
      this.#dialog.close();
      connect(token);
    });
  }

  /** @param {boolean} refused whether a token was sent and not accepted */
  ask(refused) {
    if (this.#dialog.open) return;
    setText(byId('token-text'), refused
      ? 'The token was not accepted. Tokens are kept in this tab only, until the tab is closed.'
      : 'It is kept in this tab only, until the tab is closed.');
    this.#dialog.showModal();
  }
}
