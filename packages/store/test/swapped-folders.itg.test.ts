import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { checkIn, removeStagingFolder, pathFromText, restoreEntry, writePack } from '../src/index.ts';
import { sweepStaging } from '../src/staging.ts';
import { makeStaging } from '../src/staging.ts';
import { get, leaseOf, make, options, save } from './fixture.ts';

/** A store that several users write, with an entry, and the home folder of the user, which another user may list. */
function stage() {
  const made = make();
  const store = { ...made.store, group: process.getegid?.() };
  const home = join(made.folder, 'home');
  mkdirSync(join(home, 'sub'), { recursive: true, mode: 0o700 });
  writeFileSync(join(home, 'sub/file'), 'a secret');
  writeFileSync(join(made.tree, 'first'), '');
  writeFileSync(join(made.tree, 'sub/zz'), '');
  // The same size and time as the entry's file, which any user can see.
  const mtime = new Date(1e12);
  for (const name of ['sub/file', 'sub/zz']) utimesSync(join(made.tree, name), mtime, mtime);
  save(store, 'k', made.tree);
  writeFileSync(join(home, 'sub/file'), 'secret!');
  writeFileSync(join(home, 'sub/zz'), '');
  for (const name of ['sub/file', 'sub/zz']) utimesSync(join(home, name), mtime, mtime);
  chmodSync(join(home, 'sub'), 0o700);
  return { ...made, store, home, entry: get(store, 'k') };
}

const look = (home: string) => [
  (lstatSync(home).mode & 0o777).toString(8),
  (lstatSync(join(home, 'sub')).mode & 0o777).toString(8),
  readdirSync(join(home, 'sub')),
  readFileSync(join(home, 'sub/file'), 'utf8'),
];
const whole = ['700', '700', ['file', 'zz'], 'secret!'];

/** At the nth step of the work, another user replaces a folder with a symlink. */
function exchange(at: number, folder: () => string, with_: string): () => void {
  let steps = 0;
  return () => {
    steps += 1;
    if (steps !== at) return;
    const path = folder();
    renameSync(path, `${path}-away`);
    symlinkSync(with_, path);
  };
}

it.each([1, 2, 3, 4, 5])(
  'does not write through a symlink that replaces a lease at step %i of its copy',
  (step) => {
    const { store, target, home, entry, folder } = stage();
    const leases = join(store.root, 'leases');
    const other = join(folder, 'other');
    mkdirSync(other);
    symlinkSync(home, join(other, 'tree-0'));
    const tick = exchange(step, () => join(leases, readdirSync(leases)[0] ?? ''), other);
    restoreEntry(store, entry, [pathFromText(target)], options({ tick }));
    expect(look(home)).toEqual(whole);
  },
);

it.each([1, 2, 3, 4])(
  'does not read through a symlink that replaces a folder of an entry at step %i of a copy',
  (step) => {
    const { store, target, home, entry } = stage();
    const tick = exchange(step, () => join(entry.folder, 'tree-0/sub'), join(home, 'sub'));
    const result = restoreEntry(store, entry, [pathFromText(target)], options({ tick, mode: 'copy' }));
    const file = join(target, 'sub/file');
    expect(existsSync(file) ? readFileSync(file, 'utf8') : 'content').toBe('content');
    expect(['restored', 'broken']).toContain(result.outcome);
    expect(look(home)).toEqual(whole);
  },
);

it.each([1, 2, 3, 4])(
  'does not read through a symlink that replaces a folder of an entry at step %i of a pack',
  async (step) => {
    const { home, entry } = stage();
    const tick = exchange(step, () => join(entry.folder, 'tree-0/sub'), join(home, 'sub'));
    let text = '';
    const out = new Writable({
      write(part, _encoding, done) {
        text += String(part);
        done();
      },
    });
    await writePack(entry, out, tick).catch((error: Error) =>
      expect(error.message).toMatch(/another kind of file/),
    );
    expect(text).not.toContain('secret');
  },
);

it.each([1, 2, 3])(
  'does not write through a symlink that replaces a lease at step %i of a check-in',
  (step) => {
    const { store, target, home, entry, folder } = stage();
    const lease = leaseOf(restoreEntry(store, entry, [pathFromText(target)], options()));
    writeFileSync(join(target, 'sub/file'), 'changed by the job');
    writeFileSync(join(target, 'sub/added'), '');
    const other = join(folder, 'other');
    mkdirSync(other);
    symlinkSync(home, join(other, 'tree-0'));
    const tick = exchange(step, () => lease.folder, other);
    try {
      checkIn(store, lease, { keep: true, most: 4, tick });
    } catch {
      // The result of the check-in does not matter.
    }
    expect(look(home)).toEqual(whole);
  },
);

it('does not remove a staging folder through a symlink', () => {
  const { store, home } = stage();
  const folder = makeStaging(store);
  mkdirSync(join(home, basename(folder)));
  renameSync(join(store.root, 'staging'), join(store.root, 'staging-away'));
  symlinkSync(home, join(store.root, 'staging'));
  expect(removeStagingFolder(folder)).toMatchObject({ reason: expect.any(String) as string });
  expect(existsSync(join(home, basename(folder)))).toBe(true);
});

it('does not remove a folder in staging whose name is a date', () => {
  const { store } = stage();
  const path = join(store.root, 'staging/2024_01_02_03_04');
  mkdirSync(path);
  utimesSync(path, 0, 0);
  expect(sweepStaging(store)).toBe(0);
  expect(existsSync(path)).toBe(true);
});

it.each(['symlink', 'hardlink'] as const)('creates no %s to files that other users can change', (mode) => {
  const { store, target, entry } = stage();
  const isImmutable = () => true;
  const result = restoreEntry(store, entry, [pathFromText(target)], options({ mode, isImmutable }));
  expect(result).toMatchObject({ outcome: 'restored' });
  expect(lstatSync(target).isSymbolicLink()).toBe(false);
  expect(lstatSync(join(target, 'sub/file')).nlink).toBe(1);
});
