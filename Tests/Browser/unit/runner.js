/** Runs the module named in the address (`?module=backoff`) and leaves what came of it in `window.results`. */

import { tests } from './check.js';

const module = new URL(location.href).searchParams.get('module');
const results = [];
try {
  await import(`./${module}.test.js`);
  for (const { name, run } of tests) {
    try {
      await run();
      results.push({ name, error: null });
    } catch (error) {
      results.push({ name, error: String(error?.stack ?? error) });
    }
  }
} catch (error) {
  results.push({ name: `loading ${module}`, error: String(error?.stack ?? error) });
}
window.results = results;
