/** Doing once what is asked for often: drawing once a frame, asking the server not more often than is useful. */

/** A page nobody sees is redrawn this seldom, ms; timers and frames are slow there anyway. */
const HIDDEN_REDRAW = 500;

/** @param {() => void} draw @returns {() => void} asks for it to be run with the next frame */
export function perFrame(draw) {
  let asked = false;
  const run = () => {
    asked = false;
    draw();
  };
  return () => {
    if (asked) return;
    asked = true;
    if (document.hidden) setTimeout(run, HIDDEN_REDRAW);
    else requestAnimationFrame(run);
  };
}

/**
 * @param {number} ms between two runs at least
 * @param {() => void} run
 * @returns {() => void} asks for a run: at once when there was none for long, and one for all who ask before it
 */
export function atMostEvery(ms, run) {
  let asked = false;
  let last = -Infinity;
  return () => {
    if (asked) return;
    asked = true;
    setTimeout(() => {
      asked = false;
      last = performance.now();
      run();
    }, Math.max(last + ms - performance.now(), 0));
  };
}
