import { expect, it } from 'vitest';
import { fromText, restoreEntry } from '../src/index.ts';
import { collect } from '../src/evict.ts';
import { estimateOf } from '../src/growth.ts';
import { listKept } from '../src/space.ts';
import { get, make, options, save } from './fixture.ts';

it('knows about how large a store is without looking at it', () => {
  const { store, tree, target } = make();
  const none = { maxBytes: undefined, maxAge: undefined, minFreeBytes: undefined };
  const count = () => collect(store, none, { freeBytes: 1e12, now: Date.now() });
  expect(estimateOf(store)).toEqual({ bytes: 0, countedAt: 0 });
  for (const key of ['a', 'b', 'b']) save(store, key, tree);
  const size = listKept(store)[0]?.bytes ?? 0;
  expect(estimateOf(store).bytes).toBe(2 * size);
  count();
  expect(estimateOf(store).bytes).toBe(2 * size);
  expect(Date.now() - estimateOf(store).countedAt).toBeLessThan(60_000);
  restoreEntry(store, get(store, 'a'), [fromText(target)], options());
  expect(estimateOf(store).bytes).toBe(3 * size);
  count();
  expect(estimateOf(store).bytes).toBe(2 * size);
});
