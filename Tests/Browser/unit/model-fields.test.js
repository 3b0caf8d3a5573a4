import { FIELDS, fieldsOf, fileTitleOf, linksIn, metaOf, patchOf, samplesOf } from '/state/model-fields.js';
import { equal, test } from './check.js';

const meta = {
  description: 'd', community_links: ['https://a', 'https://b'], prompts: { positive: 'p' }, base_model: 'SDXL',
  trigger_words: ['one', 'two'], images_count: 3, mine: { kept: true },
};

test('meta data is understood as an object, as text, and under either name', () => {
  for (const record of [{ meta }, { meta_json: meta }, { meta_json: JSON.stringify(meta) }, { meta, meta_json: '{}' }]) {
    equal(metaOf(record), meta);
  }
  for (const record of [{}, { meta_json: '' }, { meta_json: 'no' }, { meta_json: '[1]' }, { meta_json: null }, { meta: 7 }]) {
    equal(metaOf(record), {}, JSON.stringify(record));
  }
});

test('every field has a text, whatever the record holds', () => {
  equal(fieldsOf({ name: 'n', type: 'loras', meta }), {
    name: 'n', type: 'loras', description: 'd', links: 'https://a\nhttps://b', positive: 'p', negative: '', base: 'SDXL',
    trigger: 'one, two',
  });
  const odd = fieldsOf({ name: null, meta: { description: { a: 1 }, prompts: 'x', base_model: 4, trigger_words: 'solo', community_links: null } });
  equal(FIELDS.map((name) => odd[name]), ['', '', '{"a":1}', '', '', '', '4', 'solo']);
});

test('a change holds what was changed, and of the meta data all the rest as it was', () => {
  equal(patchOf({ meta }, { name: ' new ' }), { name: 'new' });
  equal(patchOf({ meta }, { type: '' }), { type: null });
  const patch = patchOf({ meta_json: JSON.stringify(meta) }, { negative: 'n', trigger: 'one,  three,', links: 'https://c\n' });
  equal(patch, { meta_json: {
    ...meta, prompts: { positive: 'p', negative: 'n' }, trigger_words: ['one', 'three'], community_links: ['https://c'],
  } });
  equal(meta.prompts, { positive: 'p' }, 'the record');
});

test('new trigger words leave nothing of what the file said', () => {
  equal(patchOf({ meta: { trigger_words: ['a'], trigger_phrase: 'a, b' } }, { trigger: 'cat,dog' }),
    { meta_json: { trigger_words: ['cat', 'dog'] } });
});

test('a file may call itself something', () => {
  equal([{ meta: { title: 'T' } }, { meta_json: '{"title":"U"}' }, {}, { meta: { title: ['x', 'y'] } }].map(fileTitleOf),
    ['T', 'U', '', 'x, y']);
});

test('what is missing is made, and links stay a text where they are one', () => {
  equal(patchOf({}, { positive: 'p', links: 'https://a', trigger: 'w' }),
    { meta_json: { community_links: 'https://a', prompts: { positive: 'p' }, trigger_words: ['w'] } });
  equal(patchOf({ meta: { prompts: 'odd' } }, { negative: 'n' }), { meta_json: { prompts: { negative: 'n' } } });
});

test('only web addresses become links, each once', () => {
  equal(linksIn('see https://a.example/x?y=1 and HTTP://b.example\nhttps://a.example/x?y=1'),
    ['https://a.example/x?y=1', 'HTTP://b.example']);
  equal(linksIn('javascript:alert(1) data:text/html,x ftp://c //d https:// https:///e file:///etc'), []);
});

test('samples are counted from lists and records alike', () => {
  equal([{ images_count: 2 }, { meta }, { meta_json: '{"images_count":1}' }, {}, { images_count: -1 }, { meta: { images_count: 'x' } }]
    .map(samplesOf), [2, 3, 1, 0, 0, 0]);
});
