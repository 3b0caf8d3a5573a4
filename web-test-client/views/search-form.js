/** The form at the top: words, kind and order. */

import { byId } from './dom.js';

export class SearchForm {
  /**
   * @param {(change: object) => void} submit gets the part of the query that stands in the form
   * @param {() => void} clear
   */
  constructor(submit, clear) {
    const form = byId('search');
    const read = () => ({
      text: byId('search-text').value,
      regexp: byId('search-regexp').checked,
      without: byId('search-without').value,
      kind: byId('search-kind').value,
      sort: byId('search-sort').value,
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      submit(read());
    });
    for (const id of ['search-kind', 'search-sort']) byId(id).addEventListener('change', () => submit(read()));
    byId('search-clear').addEventListener('click', clear);
  }

  /** @param {import('../state/query.js').Query} query what is typed at the moment stays when it says the same */
  show(query) {
    const texts = { 'search-text': query.text, 'search-without': query.without, 'search-kind': query.kind, 'search-sort': query.sort };
    for (const [id, value] of Object.entries(texts)) if (byId(id).value !== value) byId(id).value = value;
    byId('search-regexp').checked = query.regexp;
  }
}
