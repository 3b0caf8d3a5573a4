import { emptyShelf, shelfAddress, shelfFromAddress } from '/state/shelf.js';
import { equal, test } from './check.js';

const HASH = 'a'.repeat(64);

test('what the address says comes back as it was', () => {
  const shelf = { type: 'lo ras&', waiting: false, text: 'ä b?', tags: [3, 7], model: HASH };
  equal(shelfFromAddress(shelfAddress(shelf)), shelf);
  equal(shelfFromAddress(shelfAddress({ ...emptyShelf(), waiting: true })), { ...emptyShelf(), waiting: true });
  equal([shelfAddress(emptyShelf()), shelfFromAddress('')], ['', emptyShelf()]);
});

test('what makes no sense in an address is left out', () => {
  equal(shelfFromAddress('?type=&waiting=yes&tag=x&tag=0&tag=12&model=../etc'), { ...emptyShelf(), tags: [12] });
  equal(shelfFromAddress(`?model=${HASH.toUpperCase()}`).model, HASH);
});
