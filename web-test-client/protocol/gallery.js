/** The requests of the model gallery that the page makes. What fails is thrown as an `Error` with words for people. */

import { failureWords, getJSON, sendForm, sendJSON, withToken } from './http.js';

/** @returns {Promise<string[]>} the types of models that the server knows */
export async function modelTypes() {
  return (await answered(getJSON('/api/models/get_types'))).types;
}

/** @param {string} type or `others` @returns {Promise<object[]>} its models, by name */
export async function modelsOfType(type) {
  return (await answered(getJSON(`/api/models?${new URLSearchParams({ type })}`))).models;
}

/** @param {string} hash @returns {Promise<object>} the whole record */
export function readModel(hash) {
  return answered(getJSON(`/api/models/${hash}`));
}

/**
 * Changes a model as it is now, so that what others changed meanwhile stays.
 * @param {string} hash
 * @param {(record: object) => object} change answers the body of the PATCH
 * @returns {Promise<object>} the record after it
 */
export async function changeModel(hash, change) {
  return answered(sendJSON('PATCH', `/api/models/${hash}`, change(await readModel(hash))));
}

/** @returns {Promise<{id: number, name: string, count: number, type: string}[]>} all tags, by name */
export async function allTags() {
  return (await answered(getJSON('/api/tags'))).tags;
}

/** @param {string} name @returns {Promise<{id: number, name: string}|undefined>} the tag, made where it was missing */
export async function tagCalled(name) {
  return (await answered(sendJSON('POST', '/api/tags_add', { newtags: [name] }))).tags[0];
}

/** @param {string} hash @param {File} picture becomes the last sample */
export function uploadSample(hash, picture) {
  const form = new FormData();
  form.set('sha256', hash);
  form.set('image', picture, picture.name);
  return answered(sendForm('/api/images/upload', form));
}

/** @param {string} hash @param {number} number those after it move down */
export function removeSample(hash, number) {
  return answered(sendJSON('DELETE', `/api/images/delete?${new URLSearchParams({ sha256: hash, seq: number })}`));
}

/** @returns {Promise<{scanned: number, pending_added: number, skipped: number}>} once all folders were looked at */
export function scanFolders() {
  return answered(sendJSON('POST', '/api/models/scan', {}));
}

/** @returns {Promise<object[]>} the models that wait, oldest first */
export async function waitingModels() {
  return (await answered(getJSON('/api/migration/pending_models'))).models;
}

/** @param {number} id @returns {Promise<object>} the whole record of one that waits */
export function readWaiting(id) {
  return answered(getJSON(`/api/migration/pending_model?${new URLSearchParams({ id })}`));
}

/** @param {number[]} ids @param {string|null} strategy what to do about those that are there already @returns {Promise<object>} */
export function importModels(ids, strategy) {
  return answered(sendJSON('POST', '/api/migration/import_models', { id: ids, conflict_strategy: strategy }));
}

/**
 * @param {string} hash
 * @param {number} number
 * @param {'high'|'medium'|'low'} quality
 * @param {number} version another one when the pictures may have moved: the browser keeps what it has shown
 * @returns {string} address of a sample
 */
export function samplePath(hash, number, quality, version) {
  return withToken(`/api/images/${hash}.webp?${new URLSearchParams({ quality, seq: number, v: version })}`);
}

/** @param {number} id @returns {string} address of the picture of one that waits */
export function waitingPicturePath(id) {
  return withToken(`/api/images/pending/${id}`);
}

async function answered(request) {
  const answer = await request;
  if (answer.status < 200 || answer.status > 299 || answer.body === null) throw new Error(failureWords(answer));
  return answer.body;
}
