/** The models of the type that is looked at, and which of their pictures the browser may still show. */

import { modelsOfType } from '../protocol/gallery.js';
import { samplesOf } from '../state/model-fields.js';

export class TypeModels {
  #loads = 0;
  /** By hash: how often the pictures moved, and how many there were last. */
  versions = new Map();
  #pictures = new Map();
  /** @type {object[]} as the server lists them */
  models = [];
  loading = true;

  /** Forgets the list: another one is looked at. */
  clear() {
    this.#loads += 1;
    this.models = [];
    this.loading = true;
  }

  /** @param {string} type whose models are read; rejects with an error to be shown. What comes too late is left out */
  async load(type) {
    this.#loads += 1;
    const number = this.#loads;
    try {
      const models = await modelsOfType(type);
      if (number !== this.#loads) return;
      this.models = models;
      for (const model of models) this.notice(model);
    } finally {
      if (number === this.#loads) this.loading = false;
    }
  }

  /**
   * Where there are more or fewer pictures than before, their numbers mean others: what the browser has of them is not
   * to be shown.
   * @param {object} model as a list, a record or an event tells it
   */
  notice(model) {
    const [hash, number] = [model.sha256, samplesOf(model)];
    const before = this.#pictures.get(hash) ?? number;
    if (before !== number) this.versions.set(hash, (this.versions.get(hash) ?? 0) + 1);
    this.#pictures.set(hash, number);
  }
}

/** @param {string[]} types @returns {Promise<string|null>} the first that has any models: an empty shelf is no welcome */
export async function firstFilled(types) {
  for (const type of types) if ((await modelsOfType(type)).length > 0) return type;
  return types[0] ?? null;
}
