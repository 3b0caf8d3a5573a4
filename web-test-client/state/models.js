/** Lists of models, those of the gallery and those that wait: what they are called, and which of them are meant. Pure. */

/** @param {{name?: string|null, path?: string, sha256?: string|null}} model @returns {string} its name, or what tells it apart */
export function titleOf(model) {
  return model.name || model.path?.split('/').pop() || model.sha256?.slice(0, 12) || 'nameless';
}

/**
 * @param {object[]} models
 * @param {{text: string, tags: number[]}} wanted words of name, path or tags, all of them; tags, all of them
 * @returns {object[]} in the same order
 */
export function matching(models, { text, tags }) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 && tags.length === 0) return models;
  return models.filter((model) => {
    const own = model.tags ?? [];
    if (!tags.every((id) => own.some((tag) => tag.id === id))) return false;
    const all = [titleOf(model), model.path ?? '', ...own.map((tag) => tag.name)].join('\n').toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** @param {object[]} models @returns {{id: number, name: string, count: number}[]} the tags that they have, counted */
export function tagsOf(models) {
  const tags = new Map();
  for (const model of models) {
    for (const { id, name } of model.tags ?? []) {
      const known = tags.get(id);
      if (known) known.count += 1;
      else tags.set(id, { id, name, count: 1 });
    }
  }
  return [...tags.values()];
}
