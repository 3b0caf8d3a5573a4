import { matching, tagsOf, titleOf } from '/state/models.js';
import { equal, test } from './check.js';

const night = { id: 1, name: 'Night' };
const ink = { id: 2, name: 'ink' };
const models = [
  { name: 'Fog', path: '/m/harbour/fog.safetensors', tags: [night] },
  { name: '', path: '/m/moss.gguf', tags: [night, ink] },
  { name: 'Plain' },
];
const found = (wanted) => matching(models, { text: '', tags: [], ...wanted }).map(titleOf);

test('a model is called by its name, else by its file, else by its hash', () => {
  equal(models.map(titleOf), ['Fog', 'moss.gguf', 'Plain']);
  equal([titleOf({ sha256: 'abcdef0123456789' }), titleOf({ name: null })], ['abcdef012345', 'nameless']);
});

test('all words must occur, in name, path or tags, whatever their case', () => {
  equal(found({}), ['Fog', 'moss.gguf', 'Plain']);
  equal(found({ text: '  HARBOUR fog ' }), ['Fog']);
  equal(found({ text: 'night' }), ['Fog', 'moss.gguf']);
  equal(found({ text: 'night plain' }), []);
});

test('all tags must be there', () => {
  equal([found({ tags: [1] }), found({ tags: [1, 2] }), found({ tags: [2], text: 'fog' }), found({ tags: [9] })],
    [['Fog', 'moss.gguf'], ['moss.gguf'], [], []]);
});

test('tags are counted', () => {
  equal(tagsOf(models), [{ id: 1, name: 'Night', count: 2 }, { id: 2, name: 'ink', count: 1 }]);
});
