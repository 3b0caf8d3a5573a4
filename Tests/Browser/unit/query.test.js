import {
  addressOf, emptyQuery, isFolderView, queryFromAddress, searchPath, toggleTag, withoutWords,
} from '/state/query.js';
import { equal, test } from './check.js';

test('what the address says comes back as it was', () => {
  const query = {
    text: 'a & b = ä?', regexp: true, without: 'x, y', kind: 'video', sort: 'random', folder: '/p/q r', tags: [3, 7],
  };
  equal(queryFromAddress(addressOf(query)), query);
  equal(addressOf(emptyQuery()), '');
  equal(queryFromAddress(''), emptyQuery());
});

test('what makes no sense in an address is left out', () => {
  equal(queryFromAddress('?kind=cake&sort=up&tag=x&tag=-1&tag=0&tag=12&regexp=yes'), { ...emptyQuery(), tags: [12] });
});

test('the server is asked for what is looked for, and for nothing else', () => {
  equal(searchPath(emptyQuery(), null, 60), '/api/library/search?limit=60&texts=true');
  const query = { ...emptyQuery(), text: 'a b', without: ' x ,, y', kind: 'image', folder: '/p', tags: [1, 2], sort: 'random' };
  const asked = new URL(searchPath(query, 'c1', 5), 'http://x').searchParams;
  equal([...asked], [['text', 'a b'], ['without', 'x'], ['without', 'y'], ['kind', 'image'], ['folder', '/p'], ['tag_id', '1'],
    ['tag_id', '2'], ['sort', 'random'], ['cursor', 'c1'], ['limit', '5'], ['texts', 'true']]);
  equal(new URL(searchPath({ ...query, regexp: true }, null, 5), 'http://x').searchParams.get('regexp'), 'a b');
});

test('a folder is looked at as long as nothing is searched for in it', () => {
  equal(isFolderView({ ...emptyQuery(), folder: '/p' }), true);
  for (const change of [{ text: 'a' }, { without: 'b' }, { kind: 'image' }, { tags: [1] }, { sort: 'random' }]) {
    equal(isFolderView({ ...emptyQuery(), folder: '/p', ...change }), false, JSON.stringify(change));
  }
});

test('a tag is added once and taken away again', () => {
  const once = toggleTag(emptyQuery(), 4);
  equal([once.tags, toggleTag(once, 4).tags, toggleTag(once, 5).tags], [[4], [], [4, 5]]);
  equal(withoutWords({ without: 'a, ,b ' }), ['a', 'b']);
});
