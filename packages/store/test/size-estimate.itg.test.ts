import { expect, it } from 'vitest';
import { pathFromText, restoreEntry } from '../src/index.ts';
import { collect } from '../src/evict.ts';
import { readEstimate } from '../src/size-estimate.ts';
import { listEvictables } from '../src/evictables.ts';
import { get, make, options, save } from './fixture.ts';

it('estimates the size of a store without a scan', () => {
  const { store, tree, target } = make();
  const none = { maxBytes: undefined, maxAge: undefined, minFreeBytes: undefined };
  const count = () => collect(store, none, { freeBytes: 1e12, now: Date.now() });
  expect(readEstimate(store)).toEqual({ bytes: 0, countedAt: 0 });
  for (const key of ['a', 'b', 'b']) save(store, key, tree);
  const size = listEvictables(store)[0]?.bytes ?? 0;
  expect(readEstimate(store).bytes).toBe(2 * size);
  count();
  expect(readEstimate(store).bytes).toBe(2 * size);
  expect(Date.now() - readEstimate(store).countedAt).toBeLessThan(60_000);
  restoreEntry(store, get(store, 'a'), [pathFromText(target)], options());
  expect(readEstimate(store).bytes).toBe(3 * size);
  count();
  expect(readEstimate(store).bytes).toBe(2 * size);
});
