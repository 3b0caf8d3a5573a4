import { failureWords } from '/protocol/http.js';
import { equal, test } from './check.js';

test('a failure is told in the words of the server, of whichever dialect, or in our own', () => {
  equal(failureWords({ status: 404, body: { error: 'Model not found' } }), 'Model not found');
  equal(failureWords({ status: 400, body: { error: { code: 'bad', message: 'no such thing' } } }), 'no such thing');
  equal(failureWords({ status: 502, body: null }), 'The server answered with status 502.');
  equal(failureWords({ status: 500, body: { error: {} } }), 'The server answered with status 500.');
  equal(failureWords({ status: 0, body: null }), 'The server does not answer.');
});
