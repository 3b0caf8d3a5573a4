/** Collects tests and compares values; as much of a framework as these tests need. */

export const tests = [];

/** @param {string} name a sentence @param {() => void|Promise<void>} run throws when it does not hold */
export function test(name, run) {
  tests.push({ name, run });
}

/** Throws unless both have the same JSON; `undefined` members count as missing. */
export function equal(actual, expected, what = 'value') {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (got !== wanted) throw new Error(`${what}: got ${got}, expected ${wanted}`);
}

/** @returns {Promise<Error>} what `promise` was rejected with; throws when it was not */
export async function rejection(promise) {
  const nothing = {};
  const outcome = await promise.then(() => nothing, (error) => error);
  if (outcome === nothing) throw new Error('expected a rejection');
  return outcome;
}
