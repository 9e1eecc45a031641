import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { checkIn, pathFromText, type Item, openStore, restoreEntry, writePack } from '../src/index.ts';
import { collect } from '../src/evict.ts';
import { checkStore } from '../src/fsck.ts';
import { readEstimate } from '../src/size-estimate.ts';
import type { RestoreOptions } from '../src/restore-task.ts';
import { readInventory, writeInventory } from '../src/inventory.ts';
import { find, get, leaseOf, links, make, options, save } from './fixture.ts';

/** A store with an entry, and the home folder of the user. */
function stage() {
  const made = make();
  const home = join(made.folder, 'home');
  mkdirSync(join(home, '.ssh'), { recursive: true });
  writeFileSync(join(home, '.ssh/authorized_keys'), 'mine');
  symlinkSync('sub/file', join(made.tree, 'link'));
  save(made.store, 'k', made.tree, { digests: true });
  const entry = get(made.store, 'k');
  const restore = (change: Partial<RestoreOptions> = {}) =>
    restoreEntry(made.store, get(made.store, 'k'), [pathFromText(made.target)], options(change));
  const edit = (change: (items: Item[]) => void): void => {
    const items = readInventory(join(entry.folder, 'inventory-0'));
    change(items);
    writeFileSync(join(entry.folder, 'inventory-0'), writeInventory(items));
  };
  return { ...made, home, entry: entry.folder, restore, edit };
}

const file = (path: string, change: Partial<Item> = {}): Item => ({
  ...{ path, kind: 'file', mode: 0o644, size: 4, modified: 0, inode: 1, changed: 0 },
  ...change,
});
const all = { maxBytes: 0, maxAge: 0, minFreeBytes: undefined };
const later = () => ({ freeBytes: 0, now: Date.now() + 9e6 });
const keys = (home: string) => readFileSync(join(home, '.ssh/authorized_keys'), 'utf8');

describe('an inventory that another user changed', () => {
  it.each([
    ['leads out of the tree', file('../../home/.ssh/authorized_keys')],
    ['leads out of the tree below a folder', file('sub/../../../home/.ssh/authorized_keys')],
    ['goes through a symlink', file('link/x')],
    ['has an unknown kind', file('new', { kind: 'pipe' as 'file' })],
    ['has no size', file('new', { size: null as unknown as number })],
    ['has a zero byte in its name', file('sub/\0')],
  ])('is rejected if an item %s, and its entry is quarantined', (_what, row) => {
    const { edit, restore, target, home, store } = stage();
    edit((items) => items.push(row));
    expect(restore()).toMatchObject({ outcome: 'broken', quarantined: true });
    expect(existsSync(target)).toBe(false);
    expect(keys(home)).toBe('mine');
    expect(find(store, 'k')).toBeUndefined();
  });

  it('cannot make a file setuid', () => {
    const { edit, restore, target } = stage();
    edit((items) => items.forEach((item) => item.kind === 'file' && (item.mode = 0o6755)));
    expect(restore()).toMatchObject({ outcome: 'restored' });
    expect(statSync(join(target, 'sub/file')).mode & 0o7777).toBe(0o755);
  });

  it('is rejected before anything is written if it claims more bytes than the disk has free', () => {
    const { edit, restore, entry, target } = stage();
    const { blocks, bsize } = statfsSync(entry);
    const size = blocks * bsize;
    truncateSync(join(entry, 'tree-0/sub/file'), size);
    const modified = lstatSync(join(entry, 'tree-0/sub/file')).mtimeMs;
    edit((items) => items.forEach((item) => item.kind === 'file' && Object.assign(item, { size, modified })));
    expect(() => restore({ mode: 'copy' })).toThrow(`ENOSPC: ${size} bytes must be copied`);
    expect(existsSync(target)).toBe(false);
  });

  it('is not read to its end if it is endless', () => {
    const { restore, entry } = stage();
    truncateSync(join(entry, 'inventory-0'), 2 ** 40);
    expect(restore()).toMatchObject({ outcome: 'broken' });
  });
});

describe('symlinks and other files in place of the store’s files', () => {
  it.each([
    ['the folder of the version', (entry: string) => dirname(entry)],
    ['the entry', (entry: string) => entry],
  ])('finds no entry through a symlink in place of %s', (_what, of) => {
    const { store, entry, folder } = stage();
    renameSync(of(entry), join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'elsewhere'), of(entry));
    expect(find(store, 'k')).toBeUndefined();
    expect(find(store, 'x', ['k'])).toBeUndefined();
  });

  it.each(['v3', 'staging', 'leases', 'locks', 'quarantine'])(
    'rejects a symlink in place of %s and names it',
    (name) => {
      const { store, home } = stage();
      rmSync(join(store.root, name), { recursive: true });
      symlinkSync(home, join(store.root, name));
      expect(() => openStore(store.root)).toThrow(
        `${name}, a folder of the store, is a link or a file. Remove it.`,
      );
      expect(readdirSync(home)).toEqual(['.ssh']);
    },
  );

  it('takes no ready copy through a symlink in place of the copies folder', () => {
    const { store, home, entry } = stage();
    symlinkSync(home, join(entry, 'copies'));
    checkStore(store, { repair: true });
    expect(collect(store, all, later())).toMatchObject({ evicted: [{ kind: 'entry' }] });
    expect(keys(home)).toBe('mine');
  });

  it.each(['copy', 'lease', 'update'] as const)(
    'does not read through a symlink in place of a folder of a tree (%s)',
    (how) => {
      const { restore, entry, home, target, edit } = stage();
      const { mtimeMs: modified } = lstatSync(join(home, '.ssh/authorized_keys'));
      edit((items) => {
        items.splice(
          items.findIndex(({ path }) => path === 'sub/file'),
          1,
        );
        items.push(file('sub/authorized_keys', { modified }));
      });
      rmSync(join(entry, 'tree-0/sub'), { recursive: true });
      symlinkSync(join(home, '.ssh'), join(entry, 'tree-0/sub'));
      mkdirSync(join(target, 'sub'), { recursive: true });
      const isUpdate = how === 'update';
      const result = restore(isUpdate ? { onExisting: 'update', verify: 'off' } : { mode: how });
      expect(result).toMatchObject({ outcome: 'broken', why: 'sub is another kind of file' });
      expect(readdirSync(join(target, 'sub'))).toEqual([]);
    },
  );

  it('does not pack through a symlink in place of a folder of a tree', async () => {
    const { store, entry, home } = stage();
    rmSync(join(entry, 'tree-0/sub'), { recursive: true });
    symlinkSync(join(home, '.ssh'), join(entry, 'tree-0/sub'));
    const out = new PassThrough().resume();
    await expect(writePack(get(store, 'k'), out)).rejects.toThrow('sub is another kind of file');
  });

  it.each(['used', 'keys', 'counted', 'grown'])('replaces a symlink in place of the file %s', (name) => {
    const { store, entry, home, restore, tree } = stage();
    const folder = { used: entry, keys: dirname(entry), counted: store.root, grown: store.root }[name] ?? '';
    rmSync(join(folder, name), { force: true });
    symlinkSync(join(home, '.ssh/authorized_keys'), join(folder, name));
    expect(restore()).toMatchObject({ outcome: 'restored' });
    save(store, 'other', tree);
    collect(store, { ...all, maxBytes: 1e9, maxAge: 1e9 }, later());
    expect(keys(home)).toBe('mine');
    expect(lstatSync(join(folder, name), { throwIfNoEntry: false })?.isSymbolicLink()).not.toBe(true);
  });

  it('replaces a hard link to another file, and a pipe', () => {
    const { entry, home, restore } = stage();
    const mine = join(home, '.ssh/authorized_keys');
    for (const make_ of [
      (path: string) => linkSync(mine, path),
      (path: string) => execFileSync('mkfifo', [path]),
    ]) {
      rmSync(join(entry, 'used'), { force: true });
      make_(join(entry, 'used'));
      expect(restore()).toMatchObject({ outcome: 'restored' });
      expect(lstatSync(join(entry, 'used'))).toMatchObject({ nlink: 1 });
      expect(lstatSync(join(entry, 'used')).isFile()).toBe(true);
    }
    expect(keys(home)).toBe('mine');
  });
});

describe('a lease', () => {
  it('is rejected if its record was changed', () => {
    const { restore, store, home, target } = stage();
    const lease = leaseOf(restore());
    const path = join(lease.folder, 'lease.json');
    const { ino, ctimeMs } = lstatSync(join(home, '.ssh'));
    const record = JSON.parse(readFileSync(path, 'utf8')) as { targets: object[] };
    record.targets = [{ path: join(home, '.ssh'), kind: 'directory', inode: ino, changed: ctimeMs }];
    writeFileSync(path, JSON.stringify(record));
    expect(checkIn(store, lease, { keep: true, most: 4 })).toMatchObject({ outcome: 'gone' });
    expect(keys(home)).toBe('mine');
    expect(existsSync(join(target, 'sub/file'))).toBe(true);
  });

  it('counts as gone if another folder replaced it', () => {
    const { restore, store } = stage();
    const lease = leaseOf(restore());
    renameSync(lease.folder, `${lease.folder}-1`);
    execFileSync('cp', ['-a', `${lease.folder}-1`, lease.folder]);
    expect(checkIn(store, lease, { keep: true, most: 4 })).toMatchObject({ outcome: 'gone' });
  });
});

describe('a ready copy', () => {
  const ready = () => {
    const made = stage();
    checkIn(made.store, leaseOf(made.restore()), { keep: true, most: 4 });
    const copies = join(made.entry, 'copies');
    return { ...made, copy: join(copies, readdirSync(copies)[0] ?? '') };
  };

  it('is not used if it was changed', () => {
    const { copy, restore, target } = ready();
    writeFileSync(join(copy, 'tree-0/sneaked'), '');
    expect(restore()).toMatchObject({ mode: 'copy' });
    expect(existsSync(join(target, 'sneaked'))).toBe(false);
  });

  it('is not read to the end if a file in it is endless', () => {
    const { copy, restore } = ready();
    truncateSync(join(copy, 'tree-0/sub/file'), 2 ** 42);
    expect(restore({ verify: 'full' })).toMatchObject({ mode: 'copy' });
  });

  it('is not used if other users can write it', () => {
    const { copy, restore } = ready();
    chmodSync(copy, 0o770);
    expect(restore()).toMatchObject({ mode: 'copy' });
  });

  it('is not used if it is in another entry', () => {
    const { copy, store, tree, entry } = ready();
    save(store, 'other', tree);
    const other = get(store, 'other');
    // The other entry has the same metadata, except for its key.
    const metadata = JSON.parse(readFileSync(join(entry, 'entry.json'), 'utf8')) as object;
    writeFileSync(join(other.folder, 'entry.json'), JSON.stringify({ ...metadata, key: 'other' }));
    mkdirSync(join(other.folder, 'copies'));
    renameSync(copy, join(other.folder, 'copies', basename(copy)));
    const again = restoreEntry(store, get(store, 'other'), [pathFromText(join(tree, '../x'))], options());
    expect(again).toMatchObject({ mode: 'copy' });
  });
});

it.each([
  ['no places', { trees: [{}] }],
  ['no trees', { trees: 'x' }],
  ['a tree with no size', { trees: [{ place: { path: 0, below: '' }, files: -1, bytes: 0 }] }],
  ['no space', { space: null }],
  ['an invalid time', { createdAt: 'x' }],
])('ignores an entry whose metadata has %s', (_what, change) => {
  const { store, entry } = stage();
  const metadata = JSON.parse(readFileSync(join(entry, 'entry.json'), 'utf8')) as object;
  writeFileSync(join(entry, 'entry.json'), JSON.stringify({ ...metadata, ...change }));
  expect(find(store, 'k')).toBeUndefined();
});

it('scans a store whose estimate has a time in the future', () => {
  const { store } = stage();
  writeFileSync(join(store.root, 'counted'), JSON.stringify({ bytes: 0, countedAt: Date.now() + 1e12 }));
  expect(readEstimate(store).countedAt).toBe(0);
});

it('applies the link rule of archives to a shared store', () => {
  const { store, folder, edit, target } = stage();
  const group = { ...store, group: process.getegid?.() ?? 0 };
  const restore = () =>
    restoreEntry(
      group,
      get(store, 'k'),
      [pathFromText(target)],
      options({ mode: 'copy', linksOf: () => links }),
    );
  expect(restore()).toMatchObject({ outcome: 'restored' });
  edit((items) => items.forEach((item) => item.kind === 'link' && (item.link = `${folder}/home`)));
  expect(restore()).toMatchObject({
    outcome: 'broken',
    why: expect.stringContaining('where links of a cache may not lead') as string,
  });
  expect(find(store, 'k')).toBeUndefined();
});
