import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkIn, pathFromText, type Item, restoreEntry } from '../src/index.ts';
import type { RestoreOptions } from '../src/restore-task.ts';
import { writeInventory } from '../src/inventory.ts';
import { get, leaseOf, make, options, save } from './fixture.ts';

/**
 * A job's container that runs as root can write everything in a store of the job's user, but nothing in that user's
 * home folder.
 */

/** A store with an entry, and the home folder of its user. */
function stage() {
  const made = make();
  const home = join(made.folder, 'home/.ssh');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'keys'), 'mine');
  for (const name of ['a', 'b', 'c']) writeFileSync(join(made.tree, name), name);
  save(made.store, 'k', made.tree, { digests: true });
  const restore = (change: Partial<RestoreOptions> = {}) =>
    restoreEntry(made.store, get(made.store, 'k'), [pathFromText(made.target)], options(change));
  const back = (result = restore()) => checkIn(made.store, leaseOf(result), { keep: true, most: 4 });
  const copies = join(get(made.store, 'k').folder, 'copies');
  const ready = () => join(copies, readdirSync(copies)[0] ?? '');
  const entry = get(made.store, 'k').folder;
  return { ...made, home, entry, restore, back, ready };
}

const item = (kind: Item['kind'], path: string, change: Partial<Item> = {}): Item => ({
  ...{ path, kind, mode: 0o755, size: 0, modified: 1e12, inode: 1, changed: 1 },
  ...change,
});
const add = (folder: string, items: Item[]) =>
  appendFileSync(join(folder, 'inventory-0'), `\n${writeInventory(items)}`);
const keys = (home: string) => readdirSync(home).map((name) => readFileSync(join(home, name), 'utf8'));

describe('readInventory', () => {
  it.each([
    ['a folder and a link', [item('directory', 'x'), item('link', 'x', { link: '/etc' })]],
    ['a link and a folder', [item('link', 'x', { link: '/etc' }), item('directory', 'x')]],
    ['two folders', [item('directory', 'x'), item('directory', 'x')]],
    ['two files', [item('file', 'x'), item('file', 'x')]],
    [
      'a folder, what is in it, and a link',
      [item('directory', 'x'), item('file', 'x/y'), item('link', 'x', { link: '/etc' })],
    ],
    [
      'a file in a folder, once more after others',
      [item('directory', 'x'), item('file', 'x/y'), item('file', 'z'), item('file', 'x/y')],
    ],
  ])('rejects an inventory in which one path is %s', (_what, items) => {
    const { restore, entry } = stage();
    add(entry, items);
    expect(restore()).toMatchObject({
      outcome: 'broken',
      why: expect.stringContaining('comes twice, or out of its order') as string,
    });
  });

  it('accepts names that sort between a folder and its contents', () => {
    const { store, tree, folder } = stage();
    for (const name of ['n', 'n/m', 'n/m/l', 'n-', 'n.d', 'o', 'Z'])
      mkdirSync(join(tree, name), { recursive: true });
    for (const name of ['n/m-', 'n/m/l/k', 'n/é', 'n-/m', 'n0', 'na', 'o/n', '!'])
      writeFileSync(join(tree, name), '');
    save(store, 'names', tree);
    const result = restoreEntry(store, get(store, 'names'), [pathFromText(join(folder, 'there'))], options());
    expect(result).toMatchObject({ outcome: 'restored' });
  });
});

describe('checkIn', () => {
  it('changes nothing when the inventory of the lease was replaced', () => {
    const { restore, back, home, entry, target } = stage();
    back();
    const result = restore();
    // A repair of the job's copy would follow this symlink.
    symlinkSync(home, join(target, 'x'));
    const { ino: inode, ctimeMs: changed } = lstatSync(join(target, 'x'));
    mkdirSync(join(entry, 'tree-0/x'));
    writeFileSync(join(entry, 'tree-0/x/keys'), 'evil');
    utimesSync(join(entry, 'tree-0/x/keys'), 1e9, 1e9);
    const more = [item('directory', 'x'), item('file', 'x/keys', { size: 4 })];
    add(entry, more);
    add(leaseOf(result).folder, [...more, item('link', 'x', { inode, changed, link: home })]);
    expect(back(result)).toMatchObject({
      outcome: 'replaced',
      why: expect.stringContaining('another user changed the inventory of the lease') as string,
    });
    expect(keys(home)).toEqual(['mine']);
    expect(existsSync(join(target, 'sub/file'))).toBe(true);
  });

  it.each([
    ['the first copy', 'z'],
    ['a ready copy', 'z'],
    ['the first copy', '../../home/.ssh/keys'],
  ])('detects a changed inventory of %s (%s was added)', (which, path) => {
    const { restore, back, home, target } = stage();
    if (which === 'a ready copy') expect(back()).toMatchObject({ outcome: 'clean' });
    const result = restore();
    add(leaseOf(result).folder, [item('file', path)]);
    expect(back(result)).toMatchObject({ outcome: 'replaced' });
    expect(keys(home)).toEqual(['mine']);
    expect(existsSync(join(target, 'sub/file'))).toBe(true);
  });

  it('repairs a copy and accepts its new inventory at the next check-in', () => {
    const { restore, back, target } = stage();
    const result = restore();
    writeFileSync(join(target, 'a'), 'changed');
    expect(back(result)).toMatchObject({ outcome: 'repaired' });
    expect(back()).toMatchObject({ outcome: 'clean' });
  });

  it('does not follow a symlink of the job during a repair', () => {
    const { restore, back, target, home } = stage();
    writeFileSync(join(home, 'file'), 'content');
    const result = restore();
    rmSync(join(target, 'sub'), { recursive: true });
    symlinkSync(home, join(target, 'sub'));
    expect(back(result)).toMatchObject({ outcome: 'repaired', changed: 2 });
    expect(keys(home)).toEqual(['content', 'mine']);
  });

  it('does not follow a symlink in the entry during a repair', () => {
    const { restore, back, target, home, entry } = stage();
    const result = restore();
    renameSync(join(entry, 'tree-0/sub/file'), join(home, 'file'));
    rmSync(join(entry, 'tree-0/sub'), { recursive: true });
    symlinkSync(home, join(entry, 'tree-0/sub'));
    writeFileSync(join(target, 'sub/file'), 'changed');
    expect(back(result)).toMatchObject({
      outcome: 'dropped',
      why: expect.stringContaining('sub is not a folder') as string,
    });
  });
});

describe('takeReadyCopy', () => {
  it.each(['directory', 'link'])(
    'rejects a ready copy whose tree was replaced by a symlink (recorded as a %s)',
    (kind) => {
      const { restore, back, ready, home, target } = stage();
      back();
      const copy = ready();
      rmSync(join(copy, 'tree-0'), { recursive: true });
      symlinkSync(home, join(copy, 'tree-0'));
      const { ino: inode, ctimeMs: changed } = lstatSync(join(copy, 'tree-0'));
      const record = JSON.parse(readFileSync(join(copy, 'ready.json'), 'utf8')) as object;
      const roots = [{ kind, inode, changed }];
      writeFileSync(join(copy, 'ready.json'), JSON.stringify({ ...record, roots }));
      expect(restore()).toMatchObject({ mode: 'copy' });
      expect(lstatSync(target).isDirectory()).toBe(true);
      expect(keys(home)).toEqual(['mine']);
    },
  );
});
