import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { checkIn, pathFromText, retireEntry, restoreEntry, saveEntry } from '../src/index.ts';
import { collect } from '../src/evict.ts';
import type { Eviction } from '../src/eviction-plan.ts';
import { checkStore } from '../src/fsck.ts';
import type { Evictable } from '../src/evictables.ts';
import { withEntryLock } from '../src/entry-lock.ts';
import { spaceFolder } from '../src/entry.ts';
import { rebuildKeys } from '../src/evict.ts';
import { readKeys, recordKey } from '../src/keys.ts';
import { quarantineEntry, removeEntry } from '../src/remove-entry.ts';
import { quarantine, removeFolder } from '../src/staging.ts';
import { find, found, get, leaseOf, make, options, save, space } from './fixture.ts';

const none = { maxBytes: undefined, maxAge: undefined, minFreeBytes: undefined };

// These tests use hooks to run what another process does between two calls of the store.

it('does not quarantine an entry that was saved while checkStore read its predecessor', () => {
  const { tree, store } = make();
  save(store, 'k', tree);
  let isFirst = true;
  const tick = (): void => {
    if (isFirst) {
      isFirst = false;
      removeFolder(store, get(store, 'k').folder);
      writeFileSync(join(tree, 'sub/file'), 'other content');
      save(store, 'k', tree);
    }
  };
  expect(checkStore(store, { repair: true, tick }).problems).toEqual([]);
  expect(isFirst).toBe(false);
  expect(readFileSync(join(get(store, 'k').folder, 'tree-0/sub/file'), 'utf8')).toBe('other content');
});

it('creates no symlink to an entry that is evicted while a job pins it', () => {
  const { tree, store, target } = make();
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'mine'), '');
  save(store, 'k', tree);
  const isImmutable = (): boolean => removeFolder(store, get(store, 'k').folder);
  const result = restoreEntry(
    store,
    get(store, 'k'),
    [pathFromText(target)],
    options({ mode: 'symlink', isImmutable }),
  );
  expect(result).toEqual({ outcome: 'gone' });
  expect(readdirSync(target)).toEqual(['mine']);
  expect(readdirSync(join(store.root, 'leases'))).toEqual([]);
});

it('does not evict an entry on which a job takes a hold meanwhile', () => {
  const { tree, store } = make();
  save(store, 'k', tree);
  const { folder } = get(store, 'k');
  const asked: boolean[] = [];
  for (const take of [removeEntry, quarantineEntry]) {
    const isMeant = (): boolean => {
      // A process that comes now waits for a while, then gives up.
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

it('does not restore the trees of another entry that was saved under the same key meanwhile', () => {
  const { folder, store } = make();
  const trees = ['a', 'b', 'c'].map((name) => {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'file'), name);
    return { path: pathFromText(join(folder, name)), place: { path: 0, below: name } };
  });
  const targets = ['a', 'b'].map((name) => pathFromText(join(folder, 'restored', name)));
  for (const mode of ['lease', 'copy'] as const) {
    saveEntry(store, space(), mode, trees.slice(0, 2), { repository: 'octo/app' });
    const entry = get(store, mode);
    removeFolder(store, entry.folder);
    saveEntry(store, space(), mode, trees.slice(1), { repository: 'octo/app' });
    expect(restoreEntry(store, entry, targets, options({ mode }))).toEqual({ outcome: 'gone' });
    expect(targets.filter(existsSync)).toEqual([]);
    expect(found(find(store, mode))).toBe(mode);
  }
  expect(readdirSync(join(store.root, 'leases'))).toEqual([]);
});

it('does not quarantine an entry that was downloaded again to replace a damaged one', () => {
  const { tree, store } = make();
  save(store, 'k', tree, { createdAt: 1_000_000 });
  const entry = get(store, 'k');
  quarantine(store, entry.folder);
  save(store, 'k', tree, { createdAt: 1_000_000 });
  expect(retireEntry(store, entry)).toBe(false);
  expect(retireEntry(store, get(store, 'k'))).toBe(true);
});

it('does not quarantine an entry whose folder reuses the inode of a damaged entry', () => {
  // Most file systems reuse the lowest free number, which another file may take first.
  for (let round = 0; round < 20; round += 1) {
    const { tree, store } = make();
    save(store, 'k', tree, { createdAt: 1_000_000 });
    const entry = get(store, 'k');
    rmSync(entry.folder, { recursive: true });
    save(store, 'k', tree, { createdAt: 1_000_000 });
    expect(retireEntry(store, entry)).toBe(false);
    expect(find(store, 'k')).toBeDefined();
  }
});

it('does not move an entry that links of a running job lead into, even if it is damaged', () => {
  const { tree, store, target } = make();
  save(store, 'k', tree);
  const { folder } = get(store, 'k');
  const linked = restoreEntry(
    store,
    get(store, 'k'),
    [pathFromText(target)],
    options({ mode: 'symlink', isImmutable: () => true }),
  );
  chmodSync(join(folder, 'tree-0/sub/file'), 0o644);
  writeFileSync(join(folder, 'tree-0/sub/file'), 'changed by the job');
  const why = 'sub/file has 18 bytes, not 7';
  const copied = () =>
    restoreEntry(store, get(store, 'k'), [pathFromText(`${target}-2`)], options({ mode: 'copy' }));
  expect(copied()).toEqual({ outcome: 'broken', why, quarantined: false });
  expect(checkStore(store, { repair: true }).problems).toMatchObject([{ what: why, done: 'nothing' }]);
  expect(readFileSync(join(target, 'sub/file'), 'utf8')).toBe('changed by the job');
  checkIn(store, leaseOf(linked), { keep: true, most: 4 });
  expect(copied()).toEqual({ outcome: 'broken', why, quarantined: true });
});

it('does not report an entry as damaged because another process holds its lock', () => {
  const { tree, store, target } = make();
  save(store, 'k', tree);
  const entry = get(store, 'k');
  const link = (): unknown =>
    restoreEntry(store, entry, [pathFromText(target)], options({ mode: 'symlink', isImmutable: () => true }));
  withEntryLock(store, entry.folder, () => {
    expect(link).toThrow('another process');
  });
  expect(find(store, 'k')).toBeDefined();
});

it('does not evict an entry while its first copy is created, however long that takes', () => {
  const { tree, store, target } = make();
  save(store, 'k', tree);
  const tick = (): void => {
    const chosen = (kept: readonly Evictable[]): Eviction[] =>
      kept.filter(({ held }) => !held).map((one) => ({ ...one, why: 'asked' }));
    expect(collect(store, none, { freeBytes: 0, now: Date.now(), chosen })).toMatchObject({ evicted: [] });
  };
  expect(restoreEntry(store, get(store, 'k'), [pathFromText(target)], options({ tick })).outcome).toBe(
    'restored',
  );
});

it('does not return a copy to an entry that another process is removing', () => {
  const { tree, store, target } = make();
  save(store, 'k', tree);
  const { folder } = get(store, 'k');
  const result = restoreEntry(store, get(store, 'k'), [pathFromText(target)], options());
  const lease = leaseOf(result);
  expect(withEntryLock(store, folder, () => checkIn(store, lease, { keep: true, most: 4 }).outcome)).toBe(
    'dropped',
  );
  expect(existsSync(join(folder, 'copies'))).toBe(false);
});

it('replaces a folder that is not an entry and appeared during the save', () => {
  const { tree, store } = make();
  const { folder } = (save(store, 'k', tree), get(store, 'k'));
  removeFolder(store, folder);
  const tick = (): void => void mkdirSync(join(folder, 'copies/one'), { recursive: true });
  expect(save(store, 'k', tree, { tick })).toBe('saved');
  expect(found(find(store, 'k'))).toBe('k');
});

it('keeps a key in the index when the index is rewritten while its entry is published', () => {
  const { tree, store } = make();
  save(store, 'a', tree);
  const folder = spaceFolder(store, space());
  const keys = (): string[] => readKeys(folder).map(({ key }) => key);
  recordKey(store, folder, { key: 'b', createdAt: 1 }, () => {
    expect(keys()).toEqual(['a', 'b']);
    rebuildKeys(store, folder);
    expect(keys()).toEqual(['a']);
  });
  expect(keys()).toEqual(['a', 'b']);
  expect(readdirSync(folder).filter((name) => name.length < 64)).toEqual(['keys']);
});

it('ignores an index whose folder is removed during a rewrite, but publishes no entry without an index', () => {
  const { tree, store } = make();
  save(store, 'a', tree);
  const folder = spaceFolder(store, space());
  rmSync(folder, { recursive: true });
  recordKey(store, folder, { key: 'b', createdAt: 1 });
  expect(existsSync(folder)).toBe(false);
  const published = vi.fn();
  expect(() => recordKey(store, folder, { key: 'b', createdAt: 1 }, published)).toThrow('ENOENT');
  expect(published).not.toHaveBeenCalled();
});

it('drops a copy whose entry is evicted during the repair', () => {
  const { tree, store, target } = make();
  writeFileSync(join(tree, 'sub/other'), 'content');
  save(store, 'k', tree);
  const result = restoreEntry(store, get(store, 'k'), [pathFromText(target)], options({ mode: 'lease' }));
  writeFileSync(join(target, 'sub/file'), 'changed');
  const tick = (): void => {
    if (find(store, 'k') !== undefined) removeFolder(store, get(store, 'k').folder);
  };
  expect(checkIn(store, leaseOf(result), { keep: true, most: 4, tick })).toMatchObject({
    outcome: 'dropped',
    why: 'it cannot be repaired: inventory-0 is missing or damaged',
  });
});
