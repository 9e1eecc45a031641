import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkIn, pathFromText, restoreEntry, saveEntry } from '../src/index.ts';
import { readEntry } from '../src/entry.ts';
import { parentOf } from '../src/byte-paths.ts';
import { probeFolders } from '../src/probe.ts';
import { makeStaging } from '../src/staging.ts';
import { find, found, get, leaseOf, listing, make, options, save, space, tree0 } from './fixture.ts';

const modes = ['copy', 'lease'] as const;

describe('restoreEntry', () => {
  it.each(modes)(
    'replaces the contents of the target with mode %s, and leaves nothing next to it',
    (mode) => {
      const { tree, store, target, folder } = make();
      mkdirSync(target, { recursive: true });
      writeFileSync(join(target, 'stale'), '');
      save(store, 'k', tree);
      const result = restoreEntry(store, get(store, 'k'), [pathFromText(target)], options({ mode }));
      expect(readdirSync(target)).toEqual(['sub']);
      expect(readdirSync(join(folder, 'restored'))).toEqual(['tree']);
      const trash = result.outcome === 'restored' ? result.trash : [];
      expect(trash.map((path) => readdirSync(join(path, 'old-0')))).toEqual([['stale']]);
    },
  );

  it.each([
    ['a missing tree', (entry: string) => rmSync(join(entry, 'tree-0'), { recursive: true })],
    ['a short file', (entry: string) => truncateSync(join(entry, 'tree-0/sub/file'), 1)],
    ['a missing file', (entry: string) => rmSync(join(entry, 'tree-0/sub/file'))],
    [
      'a file that was modified later',
      (entry: string) => writeFileSync(join(entry, 'tree-0/sub/file'), 'CONTENT'),
    ],
    [
      'a symlink in place of a folder',
      (entry: string) => {
        rmSync(join(entry, 'tree-0/sub'), { recursive: true });
        symlinkSync('/etc', join(entry, 'tree-0/sub'));
      },
    ],
    ['no inventory', (entry: string) => rmSync(join(entry, 'inventory-0'))],
    ['half an inventory', (entry: string) => truncateSync(join(entry, 'inventory-0'), 90)],
  ])('moves an entry with %s to quarantine and leaves the target unchanged', (_what, damage) => {
    for (const mode of modes) {
      const { tree, store, target } = make();
      mkdirSync(target, { recursive: true });
      writeFileSync(join(target, 'mine'), '');
      utimesSync(join(tree, 'sub/file'), 1000, 1000);
      save(store, 'k', tree);
      const entry = get(store, 'k');
      damage(entry.folder);
      const why = expect.stringMatching(/^[a-z]/) as string;
      expect(restoreEntry(store, entry, [pathFromText(target)], options({ mode }))).toEqual({
        outcome: 'broken',
        why,
        quarantined: true,
      });
      expect(readdirSync(target)).toEqual(['mine']);
      expect(find(store, 'k')).toBeUndefined();
      expect(readdirSync(join(store.root, 'quarantine'))).toHaveLength(1);
      expect(save(store, 'k', tree)).toBe('saved');
    }
  });

  it('detects a changed file of the same size and time with verify: full', () => {
    const { tree, store, target } = make();
    utimesSync(join(tree, 'sub/file'), 1000, 1000);
    save(store, 'k', tree, { digests: true });
    const file = join(get(store, 'k').folder, 'tree-0/sub/file');
    writeFileSync(file, 'cOntent');
    utimesSync(file, 1000, 1000);
    const full = restoreEntry(store, get(store, 'k'), [pathFromText(target)], options({ verify: 'full' }));
    expect(full).toMatchObject({ outcome: 'broken', why: 'sub/file has other content than was saved' });
  });

  it('rejects verify: full for an entry without digests, which stays in place', () => {
    const { tree, store, target } = make();
    save(store, 'k', tree);
    const act = () =>
      restoreEntry(store, get(store, 'k'), [pathFromText(target)], options({ verify: 'full' }));
    expect(act).toThrow('saved without digests');
    expect(found(find(store, 'k'))).toBe('k');
  });

  it('compares a ready copy with the entry’s inventory, not its own, with verify: full', () => {
    const { tree, store, target } = make();
    save(store, 'k', tree, { digests: true });
    const take = () =>
      restoreEntry(store, get(store, 'k'), [pathFromText(target)], options({ verify: 'full' }));
    const first = take();
    checkIn(store, leaseOf(first), { keep: true, most: 1 });
    const again = take();
    expect(again).toMatchObject({ mode: 'lease' });
    checkIn(store, leaseOf(again), { keep: true, most: 1 });
    const copies = join(get(store, 'k').folder, 'copies');
    const copy = join(copies, readdirSync(copies)[0] ?? '');
    const sha = createHash('sha256').update('EVIL!!!').digest('hex');
    writeFileSync(join(copy, 'tree-0/sub/file'), 'EVIL!!!');
    const inventory = readFileSync(join(copy, 'inventory-0'), 'utf8').replace(/[\da-f]{64}/, sha);
    writeFileSync(join(copy, 'inventory-0'), inventory);
    expect(take()).toMatchObject({ mode: expect.stringMatching(/copy|reflink/) as string });
    expect(readFileSync(join(target, 'sub/file'), 'utf8')).toBe('content');
  });

  it('does not use a ready copy with verify: full when its entry is removed before the comparison', () => {
    const { tree, store, target } = make();
    save(store, 'k', tree, { digests: true });
    const entry = get(store, 'k');
    const take = () => restoreEntry(store, entry, [pathFromText(target)], options({ verify: 'full' }));
    const first = take();
    checkIn(store, leaseOf(first), { keep: true, most: 1 });
    for (const name of ['inventory-0', 'entry.json']) rmSync(join(entry.folder, name));
    expect(take()).toEqual({ outcome: 'gone' });
    expect(existsSync(target)).toBe(false);
  });

  it('restores all trees or none, and moves the old contents back', () => {
    const { folder, tree, store } = make();
    const second = join(folder, 'second');
    mkdirSync(second);
    writeFileSync(join(second, 'file'), 'x');
    saveEntry(store, space(), 'k', [tree0(tree), tree0(second, 1)], { repository: 'octo/app' });
    const [one, other] = [join(folder, 'one'), join(folder, 'proc')];
    mkdirSync(one);
    writeFileSync(join(one, 'mine'), '');
    writeFileSync(other, 'not a folder');
    const entry = get(store, 'k');
    expect(entry.metadata.trees.map(({ place }) => place.path)).toEqual([0, 1]);
    for (const mode of modes) {
      const targets = [pathFromText(one), pathFromText(join(other, 'x'))];
      expect(() => restoreEntry(store, entry, targets, options({ mode }))).toThrow();
      expect(readdirSync(one)).toEqual(['mine']);
    }
    rmSync(join(entry.folder, 'tree-1/file'));
    const targets = [pathFromText(one), pathFromText(join(folder, 'two'))];
    expect(restoreEntry(store, entry, targets, options()).outcome).toBe('broken');
    expect(readdirSync(one)).toEqual(['mine']);
    expect(readdirSync(folder).filter((name) => name.startsWith('.runner-actions'))).toEqual([]);
  });

  it('hard links only immutable paths, as read-only files', () => {
    const { tree, store, target } = make();
    writeFileSync(join(tree, 'model.bin'), 'weights');
    chmodSync(join(tree, 'model.bin'), 0o644);
    save(store, 'k', tree);
    const isImmutable = (path: string) => path.endsWith('.bin');
    const result = restoreEntry(
      store,
      get(store, 'k'),
      [pathFromText(target)],
      options({ mode: 'hardlink', isImmutable }),
    );
    expect(result).toMatchObject({ outcome: 'restored', mode: 'hardlink' });
    expect(listing(target)).toMatch(/^f 444 \d+ 7 {2}model\.bin$/m);
    writeFileSync(join(target, 'sub/file'), 'mine now');
    const again = restoreEntry(
      store,
      get(store, 'k'),
      [pathFromText(`${target}2`)],
      options({ mode: 'copy' }),
    );
    expect(again.outcome).toBe('restored');
    expect(readFileSync(join(`${target}2`, 'sub/file'), 'utf8')).toBe('content');
  });

  it('creates a symlink to an immutable tree, and pins the entry for the job', () => {
    const { tree, store, target } = make();
    save(store, 'k', tree);
    const isImmutable = () => true;
    const result = restoreEntry(
      store,
      get(store, 'k'),
      [pathFromText(target)],
      options({ mode: 'symlink', isImmutable }),
    );
    expect(result).toMatchObject({ mode: 'symlink', lease: {} });
    expect(readFileSync(join(target, 'sub/file'), 'utf8')).toBe('content');
    const none = restoreEntry(
      store,
      get(store, 'k'),
      [pathFromText(`${target}2`)],
      options({ mode: 'symlink' }),
    );
    expect(none).toMatchObject({ mode: 'copy', why: 'none of the paths is immutable' });
  });

  it('adds to the existing files with merge, and never writes through a symlink', () => {
    const { tree, store, target, folder } = make();
    save(store, 'k', tree);
    mkdirSync(target, { recursive: true });
    mkdirSync(join(folder, 'outside'));
    writeFileSync(join(target, 'mine'), '');
    symlinkSync(join(folder, 'outside'), join(target, 'sub'));
    restoreEntry(store, get(store, 'k'), [pathFromText(target)], options({ onExisting: 'merge' }));
    expect(readdirSync(target).sort()).toEqual(['mine', 'sub']);
    expect(readFileSync(join(target, 'sub/file'), 'utf8')).toBe('content');
    expect(readdirSync(join(folder, 'outside'))).toEqual([]);
  });

  it('touches nothing with merge before the whole entry is staged', () => {
    const { tree, store, target } = make();
    writeFileSync(join(tree, 'a'), 'new');
    save(store, 'k', tree);
    mkdirSync(join(target, 'sub/file'), { recursive: true });
    writeFileSync(join(target, 'a'), 'old');
    writeFileSync(join(target, 'sub/file/work'), 'mine');
    const { folder } = get(store, 'k');
    rmSync(join(folder, 'tree-0/sub/file'));
    const merge = () =>
      restoreEntry(store, get(store, 'k'), [pathFromText(target)], options({ onExisting: 'merge' }));
    expect(merge().outcome).toBe('broken');
    expect(readFileSync(join(target, 'a'), 'utf8')).toBe('old');
    expect(readFileSync(join(target, 'sub/file/work'), 'utf8')).toBe('mine');
  });

  it('does not remove a user’s files whose names resemble those of the store', () => {
    const { tree, store, target } = make();
    save(store, 'k', tree);
    mkdirSync(join(target, '..'), { recursive: true });
    const [mine, old] = [join(target, '../.runner-actions-settings.yml'), new Date(Date.now() - 9e9)];
    writeFileSync(mine, '');
    utimesSync(mine, old, old);
    restoreEntry(store, get(store, 'k'), [pathFromText(target)], options());
    expect(readdirSync(join(target, '..')).sort()).toEqual(['.runner-actions-settings.yml', 'tree']);
  });

  it('verifies the entry before it creates a symlink to it, and removes write permission', () => {
    const { tree, store, target } = make();
    save(store, 'k', tree);
    const take = () =>
      restoreEntry(
        store,
        get(store, 'k'),
        [pathFromText(target)],
        options({ mode: 'symlink', isImmutable: () => true }),
      );
    expect(take()).toMatchObject({ mode: 'symlink' });
    expect(statSync(join(target, 'sub/file')).mode & 0o222).toBe(0);
    expect(statSync(join(target, 'sub')).mode & 0o222).toBe(0);
    expect(take().outcome).toBe('restored');
    chmodSync(join(get(store, 'k').folder, 'tree-0/sub'), 0o755);
    rmSync(join(get(store, 'k').folder, 'tree-0/sub/file'));
    expect(take().outcome).toBe('broken');
  });

  it('probes each parent folder once, however many targets it contains', () => {
    const { folder, store } = make();
    const targets = ['a/one', 'a/two', 'b/three'].map((path) => pathFromText(join(folder, path)));
    const [one, two, three] = probeFolders(makeStaging(store), targets.map(parentOf));
    expect(one).toMatchObject({ rename: true });
    expect(two).toBe(one);
    expect(three).not.toBe(one);
    expect(['a', 'b'].flatMap((name) => readdirSync(join(folder, name)))).toEqual([]);
  });

  it('records the use of an entry before it reads the entry', () => {
    const { tree, store, target } = make();
    save(store, 'k', tree);
    restoreEntry(store, get(store, 'k'), [pathFromText(target)], options());
    expect(readdirSync(get(store, 'k').folder)).toContain('used');
    expect(readEntry(get(store, 'k').folder)?.metadata.repository).toBe('octo/app');
  });
});
