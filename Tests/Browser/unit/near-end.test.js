import { NearEnd } from '/views/near-end.js';
import { equal, test } from './check.js';

/** Waits until what the window shows was looked at. */
async function looked() {
  for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  await new Promise((resume) => setTimeout(resume, 50));
}

/** An end that is `near` or far below, and how often it was told of. */
async function watched(near, run) {
  const end = document.createElement('p');
  end.textContent = 'end';
  end.style.marginTop = near ? '0' : '100000px';
  document.body.append(end);
  let told = 0;
  try {
    await run(new NearEnd(end, () => { told += 1; }), () => told, end);
  } finally {
    end.remove();
  }
}

/** Runs while the page seems to be hidden, and answers then. */
async function whileHidden(run) {
  Object.defineProperty(document, 'hidden', { configurable: true, value: true });
  try {
    await run();
  } finally {
    delete document.hidden;
  }
}

test('an end that stays near is told of once, and again for every time that one looks again', () => watched(true, async (near, told) => {
  await looked();
  equal(told(), 1);
  for (const times of [2, 3]) {
    near.lookAgain();
    await looked();
    equal(told(), times);
  }
}));

test('an end that is far is not told of until it comes near', () => watched(false, async (near, told, end) => {
  near.lookAgain();
  await looked();
  equal(told(), 0);
  end.style.marginTop = '0';
  await looked();
  equal(told(), 1);
}));

test('nothing is told while the end or the page is hidden, and at once when it is seen', () => watched(true, async (near, told, end) => {
  await looked();
  end.hidden = true;
  near.lookAgain();
  await looked();
  equal(told(), 1, 'a hidden end');
  await whileHidden(async () => {
    end.hidden = false;
    near.lookAgain();
    await looked();
  });
  equal(told(), 1, 'a hidden page');
  document.dispatchEvent(new Event('visibilitychange'));
  await looked();
  equal(told(), 2, 'a page that is seen again');
}));
