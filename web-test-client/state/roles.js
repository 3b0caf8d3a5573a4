/** What a role may do (contract: §2 and §10); the page hides the rest, the server refuses it anyway. */

const MAY_OPERATE = new Set(['operator', 'admin']);

/** @param {string|undefined} role of the `welcome` @returns {boolean} whether it may run and cancel tasks */
export function mayOperate(role) {
  return MAY_OPERATE.has(role);
}
