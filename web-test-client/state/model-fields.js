/** A model's record as fields to be edited, and what was edited as a change of the record. Pure. */

/** Where in the meta data a field stands, and what separates its parts where it is a list; `list`: it always is one. */
const META = {
  description: { path: ['description'], separator: '\n' },
  links: { path: ['community_links'], separator: '\n' },
  positive: { path: ['prompts', 'positive'], separator: '\n' },
  negative: { path: ['prompts', 'negative'], separator: '\n' },
  base: { path: ['base_model'], separator: ', ' },
  trigger: { path: ['trigger_words'], separator: ', ', list: true },
};

/** Names of all fields. */
export const FIELDS = ['name', 'type', ...Object.keys(META)];

/** @param {object} record of a model or of one that waits @returns {object} its meta data, whichever way it is told */
export function metaOf(record) {
  for (const given of [record.meta, record.meta_json]) {
    if (isObject(given)) return given;
    try {
      const parsed = JSON.parse(given);
      if (isObject(parsed)) return parsed;
    } catch {
      // Not ours to judge: people may have written anything.
    }
  }
  return {};
}

/** @param {object} record @returns {Object<string, string>} text of every field, '' for what is not there */
export function fieldsOf(record) {
  const meta = metaOf(record);
  const fields = { name: record.name ?? '', type: record.type ?? '' };
  for (const [name, { path, separator }] of Object.entries(META)) fields[name] = asText(at(meta, path), separator);
  return fields;
}

/** @param {object} record @returns {string} what its file calls itself, '' when it does not say */
export function fileTitleOf(record) {
  return asText(metaOf(record).title, ', ');
}

/**
 * @param {object} record as it is now
 * @param {Object<string, string>} changed the fields that are to be different
 * @returns {object} body of the PATCH; of the meta data everything else stays
 */
export function patchOf(record, changed) {
  const patch = {};
  if ('name' in changed) patch.name = changed.name.trim();
  if ('type' in changed) patch.type = changed.type || null;
  const inMeta = Object.entries(META).filter(([name]) => name in changed);
  if (inMeta.length === 0) return patch;
  const meta = structuredClone(metaOf(record));
  for (const [name, { path, separator, list }] of inMeta) {
    const text = changed[name].trim();
    // The words as the file has them in one text would go on saying what was.
    if (name === 'trigger') delete meta.trigger_phrase;
    set(meta, path, list || Array.isArray(at(meta, path)) ? parts(text, separator) : text);
  }
  return { ...patch, meta_json: meta };
}

/** @param {string} text @returns {string[]} the web addresses in it, each once; nothing else becomes a link */
export function linksIn(text) {
  const found = text.split(/\s+/).filter((word) => /^https?:\/\/[^\s/]/i.test(word) && URL.canParse(word));
  return [...new Set(found)];
}

/** @param {object} record @returns {number} how many sample pictures it has */
export function samplesOf(record) {
  const count = record.images_count ?? metaOf(record).images_count;
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}

function isObject(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function at(meta, path) {
  return path.reduce((value, key) => (isObject(value) ? value[key] : undefined), meta);
}

function set(meta, path, value) {
  let place = meta;
  for (const key of path.slice(0, -1)) {
    if (!isObject(place[key])) place[key] = {};
    place = place[key];
  }
  place[path.at(-1)] = value;
}

function asText(value, separator) {
  if (Array.isArray(value)) return value.map((part) => asText(part, ' ')).filter(Boolean).join(separator);
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function parts(text, separator) {
  return text.split(separator.trim() || separator).map((part) => part.trim()).filter(Boolean);
}
