/** The log of one task as the topic `task/<id>` tells it; a pure reducer (contract: §5). */

/** Lines that are remembered; the snapshot holds as many. */
const LINES_KEPT = 200;

/** @typedef {{at: number, level: string, message: string}} Line */
/** @typedef {{known: boolean, lines: Line[]}} TaskLog */

/** @returns {TaskLog} */
export function initialTaskLog() {
  return { known: false, lines: [] };
}

/**
 * @param {TaskLog} state
 * @param {object[]} messages snapshots and events of `task/<id>`, in order
 * @returns {TaskLog} a new state
 */
export function reduceTaskLog(state, messages) {
  let lines = state.lines;
  let known = state.known;
  const added = [];
  for (const message of messages) {
    if (message.type === 'snapshot') {
      lines = message.state.log;
      known = true;
      added.length = 0;
    } else {
      const line = lineOf(message);
      if (line) added.push(line);
    }
  }
  return { known, lines: [...lines, ...added].slice(-LINES_KEPT) };
}

function lineOf(event) {
  if (event.type === 'task.log') return { at: event.at, level: event.level, message: event.message };
  if (event.type === 'task.requeued') {
    return { at: event.at, level: 'warning', message: `Attempt ${event.attempt} ended: ${event.reason}` };
  }
  return null;
}
