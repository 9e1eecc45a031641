import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkStore, fromText, restoreEntry } from '../src/index.ts';
import { quarantineEntry, removeEntry } from '../src/removal.ts';
import { throwAway } from '../src/staging.ts';
import { find, get, make, options, save } from './fixture.ts';

// What another process does between two calls of ours, done by hooks that are called there.

it('a check leaves an entry alone that was saved while it looked at the one before', () => {
  const { tree, store } = make();
  save(store, 'k', tree);
  let isFirst = true;
  const tick = (): void => {
    if (isFirst) {
      isFirst = false;
      throwAway(store, get(store, 'k').folder);
      writeFileSync(join(tree, 'sub/file'), 'other content');
      save(store, 'k', tree);
    }
  };
  expect(checkStore(store, { repair: true, tick }).problems).toEqual([]);
  expect(isFirst).toBe(false);
  expect(readFileSync(join(get(store, 'k').folder, 'tree-0/sub/file'), 'utf8')).toBe('other content');
});

it('a link to an entry that is evicted as a job takes hold of it is not made', () => {
  const { tree, store, target } = make();
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'mine'), '');
  save(store, 'k', tree);
  const isImmutable = (): boolean => throwAway(store, get(store, 'k').folder);
  const result = restoreEntry(
    store,
    get(store, 'k'),
    [fromText(target)],
    options({ mode: 'symlink', isImmutable }),
  );
  expect(result).toEqual({ outcome: 'broken', why: 'it was evicted a moment ago' });
  expect(readdirSync(target)).toEqual(['mine']);
  expect(readdirSync(join(store.root, 'leases'))).toEqual([]);
});

it('takes no entry away of which a job takes hold meanwhile', () => {
  const { tree, store } = make();
  save(store, 'k', tree);
  const { folder } = get(store, 'k');
  const asked: boolean[] = [];
  for (const take of [removeEntry, quarantineEntry]) {
    const isMeant = (): boolean => {
      // Whoever comes now waits for a while, and leaves it to the first.
      asked.push(removeEntry(store, folder, () => true));
      return false;
    };
    expect(take(store, folder, isMeant)).toBe(false);
  }
  expect(asked).toEqual([false, false]);
  expect(find(store, 'k')).toBeDefined();
  expect(['staging', 'quarantine', 'locks'].flatMap((name) => readdirSync(join(store.root, name)))).toEqual(
    [],
  );
});
