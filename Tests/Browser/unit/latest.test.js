import { Latest } from '/protocol/latest.js';
import { equal, test } from './check.js';

/** Questions that are answered when the test says so. */
function questions(count) {
  const latest = new Latest();
  const answers = [];
  const told = Array.from({ length: count }, () => latest.of(() => new Promise((answer, fail) => answers.push({ answer, fail }))));
  return { answers, told };
}

test('answers that come in order are all news', async () => {
  const { answers, told } = questions(3);
  answers.forEach(({ answer }, number) => answer(number));
  equal(await Promise.all(told), [0, 1, 2]);
});

test('an answer that was overtaken is none', async () => {
  const { answers, told } = questions(3);
  answers[1].answer('second');
  equal(await told[1], 'second');
  answers[0].answer('first');
  answers[2].answer('third');
  equal([await told[0], await told[2]], [null, 'third']);
});

test('what fails overtakes nothing', async () => {
  const { answers, told } = questions(2);
  answers[1].fail(new Error('away'));
  equal(await told[1].catch((error) => error.message), 'away');
  answers[0].answer('first');
  equal(await told[0], 'first');
});
