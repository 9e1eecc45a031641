import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { ownerOf } from '@runner-actions/host';
import { describe, expect, it } from 'vitest';
import { checkIn, pathFromText, type LockHolder, restoreEntry, saveEntry } from '../src/index.ts';
import { readInventoryOf } from '../src/entry.ts';
import { collect } from '../src/evict.ts';
import { checkStore } from '../src/fsck.ts';
import { takeLock } from '../src/lock.ts';
import type { RestoreOptions } from '../src/restore-task.ts';
import type { Metadata } from '../src/entry.ts';
import { digest } from '../src/space.ts';
import { writeInventory } from '../src/inventory.ts';
import { sweepLocks } from '../src/lock.ts';
import { find, found, get, leaseOf, make, options, save, space } from './fixture.ts';
import { TreeMismatch } from '../src/copy-file.ts';
import { expectFitsDisk } from '../src/disk-size.ts';

/** What another user of a shared store may write must not delay anyone for more than a moment. */

function stage() {
  const made = make();
  save(made.store, 'k', made.tree, { digests: true });
  const entry = get(made.store, 'k').folder;
  const restore = (change: Partial<RestoreOptions> = {}) =>
    restoreEntry(made.store, get(made.store, 'k'), [pathFromText(made.target)], options(change));
  return { ...made, entry, restore };
}
const all = { maxBytes: 0, maxAge: 0, minFreeBytes: undefined };
const later = () => ({ freeBytes: 0, now: Date.now() + 9e6 });

const dead = { pid: 1, startTime: 1, boot: '00000000', namespace: '1', host: ownerOf(process.pid).host };
const holder = (job: string, owner: object = {}): LockHolder => ({
  owner: { ...ownerOf(process.pid), ...owner },
  job,
  purpose: job,
});

describe('a lock of a dead holder', () => {
  /**
   * Creates locks in which each is the turn to take over the previous one.
   * @returns the paths
   */
  const chain = (path: string, length: number): string[] => {
    if (length === 0) return [];
    const text = JSON.stringify(holder(`dead ${length}`, dead));
    writeFileSync(path, text);
    return [path, ...chain(`${path}.${digest([text]).slice(0, 16)}`, length - 1)];
  };
  const place = () => join(mkdtempSync(join(tmpdir(), 'lock-')), 'lock');

  it('is taken over when another process died during a takeover', () => {
    const path = place();
    chain(path, 2);
    expect(takeLock(path, holder('mine'))).toBe('taken');
    expect(readdirSync(dirname(path))).toEqual(['lock']);
  });

  it('stays held when many turns were left behind, and each is tried at most once', () => {
    const path = place();
    const all = chain(path, 8);
    const before = Date.now();
    expect(takeLock(path, holder('mine'))).toMatchObject({ job: 'dead 8' });
    expect(Date.now() - before).toBeLessThan(500);
    expect(readdirSync(dirname(path))).toHaveLength(all.length);
    for (let round = 0; round < 8; round += 1) sweepLocks(dirname(path), holder('sweeper'));
    expect(readdirSync(dirname(path))).toEqual([]);
  });
});

describe('a folder in place of a file of the store', () => {
  const old = (path: string): void => utimesSync(path, 1e9, 1e9);

  it('is replaced if it is empty', () => {
    const { store, tree, entry } = stage();
    const lock = `entry-${digest([relative(store.root, entry)])}`;
    const inRoot = ['locks/collect', `locks/${lock}`, 'counted', 'grown'].map((name) =>
      join(store.root, name),
    );
    for (const path of [...inRoot, join(dirname(entry), 'keys')]) {
      rmSync(path, { force: true });
      mkdirSync(path);
      old(path);
    }
    expect(save(store, 'other', tree)).toBe('saved');
    expect(collect(store, all, later())).toMatchObject({ evicted: [{ kind: 'entry' }, { kind: 'entry' }] });
    expect(lstatSync(join(store.root, 'counted')).isFile()).toBe(true);
  });

  it.each(['locks/collect', 'counted', 'grown'])('is named in the error if it is not empty (%s)', (name) => {
    const { store } = stage();
    const path = join(store.root, name);
    rmSync(path, { force: true });
    mkdirSync(join(path, 'x'), { recursive: true });
    old(path);
    expect(() => collect(store, all, later())).toThrow(
      `${path}, a file of the store, is a folder. Remove it.`,
    );
  });
});

describe('an index of keys', () => {
  const line = (time: number, key: string): string => `${JSON.stringify([time, key])}\n`;
  const fakes = (count: number): string =>
    Array.from({ length: count }, (_none, n) => line(9e15, `k-${n}`)).join('');
  const keep = { ...all, maxBytes: 1e9, maxAge: 1e12 };

  it.each([
    ['1,001 keys without an entry', fakes(1001)],
    ['more than 16 MB', `${' '.repeat(1023)}\n`.repeat(1 << 14)],
    ['damaged lines', '[x]\n'.repeat(2000)],
  ])('finds no key until the next eviction if it has %s', (_what, text) => {
    const { store, entry } = stage();
    const path = join(dirname(entry), 'keys');
    writeFileSync(path, [text, readFileSync(path)].join(''));
    const before = Date.now();
    expect(find(store, 'x', ['k'])).toBeUndefined();
    expect(Date.now() - before).toBeLessThan(1000);
    expect(found(find(store, 'k'))).toBe('k');
    expect(collect(store, keep, later())).toMatchObject({ evicted: [] });
    expect(found(find(store, 'x', ['k']))).toBe('k');
    expect(lstatSync(path).size).toBeLessThan(100);
  });

  it('finds a key after 999 keys without an entry', () => {
    const { store, entry } = stage();
    appendFileSync(join(dirname(entry), 'keys'), fakes(999));
    expect(found(find(store, 'x', ['k']))).toBe('k');
  });
});

describe('an entry that claims more bytes than its disk has', () => {
  const huge = () => {
    const made = stage();
    const [items, path] = [readInventoryOf(made.entry, 0), join(made.entry, 'tree-0/sub/file')];
    const size = 2 ** 43;
    truncateSync(path, size);
    const { mtimeMs: modified } = lstatSync(path);
    for (const item of items) if (item.kind === 'file') Object.assign(item, { size, modified });
    writeFileSync(join(made.entry, 'inventory-0'), writeInventory(items));
    const metadata = JSON.parse(readFileSync(join(made.entry, 'entry.json'), 'utf8')) as Metadata;
    metadata.trees.forEach((tree) => (tree.bytes = size));
    writeFileSync(join(made.entry, 'entry.json'), JSON.stringify(metadata));
    return made;
  };
  const what = expect.stringMatching(/^it claims 8796093022208 bytes, but its whole disk has \d+$/) as string;

  it.each(['replace', 'update'] as const)('is not read for verification (%s)', (onExisting) => {
    const { restore, target } = huge();
    mkdirSync(target, { recursive: true });
    expect(restore({ verify: 'full', onExisting })).toMatchObject({ outcome: 'broken', why: what });
  });

  it('is not read when a ready copy is verified', () => {
    const { store, restore, target, entry } = stage();
    checkIn(store, leaseOf(restore()), { keep: true, most: 4 });
    const other = huge();
    for (const name of ['inventory-0', 'tree-0']) {
      rmSync(join(entry, name), { recursive: true });
      renameSync(join(other.entry, name), join(entry, name));
    }
    const [copy = ''] = readdirSync(join(entry, 'copies'));
    truncateSync(join(entry, 'copies', copy, 'tree-0/sub/file'), 2 ** 43);
    expect(restore({ verify: 'full' })).toMatchObject({ outcome: 'broken', why: what });
    expect(readdirSync(dirname(target))).toEqual([]);
  });

  it('is reported by checkStore', () => {
    const { store, entry } = huge();
    expect(checkStore(store, { full: true }).problems).toMatchObject([{ folder: entry, what }]);
  });
});

describe('an entry with too many trees', () => {
  it('is ignored', () => {
    const { store, entry } = stage();
    const metadata = JSON.parse(readFileSync(join(entry, 'entry.json'), 'utf8')) as Metadata;
    const has = (count: number) => {
      const trees = Array.from({ length: count }, () => metadata.trees[0]);
      writeFileSync(join(entry, 'entry.json'), JSON.stringify({ ...metadata, trees }));
      return found(find(store, 'k'));
    };
    expect([has(10_000), has(10_001)]).toEqual(['k', undefined]);
  });

  it('or too long names cannot be saved', () => {
    const { store, tree } = make();
    const source = { path: pathFromText(tree), place: { path: 0, below: 'x'.repeat(1 << 24) } };
    expect(() => saveEntry(store, space(), 'k', [source], { repository: '' })).toThrow(
      /^An entry has at most 10000 trees, described in 16777216 bytes. This one has 1 trees in /,
    );
    expect(readdirSync(join(store.root, 'staging'))).toEqual([]);
  });
});

describe('hold.json of a lease', () => {
  it('stays small, however large lease.json is', () => {
    const { restore, store } = stage();
    const { folder } = leaseOf(restore());
    expect(JSON.parse(readFileSync(join(folder, 'hold.json'), 'utf8'))).toEqual({
      kind: 'copy',
      entry: expect.stringMatching(/^v3\//) as string,
    });
    writeFileSync(join(folder, 'lease.json'), 'not read by others');
    expect(collect(store, all, later())).toMatchObject({ evicted: [] });
  });

  it('is ignored if it is too large', () => {
    const { restore, store } = stage();
    truncateSync(join(leaseOf(restore()).folder, 'hold.json'), 1 << 20);
    const before = Date.now();
    expect(collect(store, all, later())).toMatchObject({ evicted: [{ kind: 'entry' }] });
    expect(Date.now() - before).toBeLessThan(1000);
  });
});

it('reports an entry that was evicted before the check of its disk as damaged', () => {
  const { folder } = make();
  expect(() => expectFitsDisk(join(folder, 'gone'), [])).toThrow(TreeMismatch);
});
