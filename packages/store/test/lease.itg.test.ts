import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
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
import { ownerOf } from '@runner-actions/host';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CheckInResult, checkIn, pathFromText, type Lease } from '../src/index.ts';
import { collect } from '../src/evict.ts';
import { sweepStaging } from '../src/staging.ts';
import { restoreEntry } from '../src/restore.ts';
import { get, leaseOf, listing, make, options, save } from './fixture.ts';

const inode = (path: string) => lstatSync(path).ino;

/** A store with one entry of ten files, and a lease of it that a job uses. */
function leased() {
  const made = make();
  for (let index = 0; index < 10; index += 1) writeFileSync(join(made.tree, `f${index}`), `content ${index}`);
  save(made.store, 'k', made.tree);
  const take = (target = made.target) => {
    const result = restoreEntry(made.store, get(made.store, 'k'), [pathFromText(target)], options());
    return {
      ...result,
      mode: result.outcome === 'restored' ? result.mode : undefined,
      lease: leaseOf(result),
    };
  };
  const back = (lease: Lease, keep = true): CheckInResult => checkIn(made.store, lease, { keep, most: 4 });
  const ready = () => {
    const copies = join(get(made.store, 'k').folder, 'copies');
    return existsSync(copies) ? readdirSync(copies).length : 0;
  };
  return { ...made, take, back, ready };
}

describe('a lease', () => {
  it('creates a copy the first time, and renames the same files afterwards', () => {
    const { take, back, target, tree, store } = leased();
    const first = take();
    expect(first.mode).toBe('copy');
    const files = inode(join(target, 'sub/file'));
    expect(back(first.lease)).toEqual({ outcome: 'clean', changed: 0, added: 0, why: '' });
    expect(existsSync(target)).toBe(false);
    const second = take();
    expect(second.mode).toBe('lease');
    expect(inode(join(target, 'sub/file'))).toBe(files);
    expect(listing(target)).toBe(listing(tree));
    expect(back(second.lease).outcome).toBe('clean');
    expect(readdirSync(join(store.root, 'leases'))).toEqual([]);
    expect(readdirSync(join(store.root, 'staging'))).toEqual([]);
  });

  it.each([
    ['a change', (at: string) => writeFileSync(join(at, 'f1'), 'other'), 1, 0],
    [
      'a change of the same size with a forged time',
      (at: string) => {
        const { atime, mtime } = lstatSync(join(at, 'f1'));
        writeFileSync(join(at, 'f1'), 'CONTENT 1');
        utimesSync(join(at, 'f1'), atime, mtime);
      },
      1,
      0,
    ],
    ['a removed file', (at: string) => rmSync(join(at, 'f2')), 1, 0],
    [
      'an added tree',
      (at: string) => {
        mkdirSync(join(at, 'new/deep'), { recursive: true });
        writeFileSync(join(at, 'new/deep/x'), '');
        symlinkSync('/etc', join(at, 'new/etc'));
      },
      0,
      1,
    ],
    ['a socket', (at: string) => execFileSync('mkfifo', [join(at, 'pipe')]), 0, 1],
    [
      'a folder that became a file',
      (at: string) => {
        rmSync(join(at, 'sub'), { recursive: true });
        writeFileSync(join(at, 'sub'), '');
      },
      2,
      0,
    ],
    [
      'a file that became a symlink to another folder',
      (at: string) => {
        rmSync(join(at, 'f3'));
        symlinkSync('/etc/passwd', join(at, 'f3'));
      },
      1,
      0,
    ],
    ['a changed mode of a file', (at: string) => chmodSync(join(at, 'f4'), 0o600), 1, 0],
    ['a closed folder', (at: string) => chmodSync(join(at, 'sub'), 0o000), 0, 0],
    ['a hard link to elsewhere', (at: string) => linkSync(join(at, 'f5'), `${at}-link`), 1, 0],
    [
      'renamed files',
      (at: string) => {
        renameSync(join(at, 'f6'), join(at, 'x'));
        renameSync(join(at, 'f7'), join(at, 'f6'));
      },
      2,
      1,
    ],
  ] as [string, (at: string) => void, number, number][])('repairs %s', (_what, change, changed, added) => {
    const { take, back, target, tree } = leased();
    const before = listing(tree);
    const { lease } = take();
    change(target);
    const result = back(lease);
    expect(result).toMatchObject({ outcome: 'repaired', changed, added });
    const again = take();
    expect(again.mode).toBe('lease');
    expect(listing(target)).toBe(before);
    expect(readFileSync(join(target, 'f1'), 'utf8')).toBe('content 1');
    expect(back(again.lease).outcome).toBe('clean');
  });

  it('restores the saved state after any mix of changes', () => {
    const act = fc.constantFrom('write', 'remove', 'add', 'folder', 'chmod');
    const acts = fc.array(fc.tuple(act, fc.nat(9)), { maxLength: 5 });
    fc.assert(
      fc.property(acts, (all) => {
        const { take, back, target, tree } = leased();
        const { lease } = take();
        for (const [what, n] of all) {
          const file = join(target, `f${n}`);
          if (what === 'write') writeFileSync(file, `new ${n}`);
          if (what === 'remove') rmSync(file, { force: true, recursive: true });
          if (what === 'add') writeFileSync(join(target, `added-${n}`), '');
          if (what === 'folder' && !existsSync(file)) mkdirSync(file);
          if (what === 'chmod') chmodSync(join(target, 'sub'), 0o500);
        }
        expect(['clean', 'repaired']).toContain(back(lease).outcome);
        expect(take().mode).toBe('lease');
        expect(listing(target)).toBe(listing(tree));
        for (let n = 0; n < 10; n += 1)
          expect(readFileSync(join(target, `f${n}`), 'utf8')).toBe(`content ${n}`);
      }),
      { numRuns: 40 },
    );
  });

  it('drops a copy that was mostly changed, and the copy of a failed job', () => {
    const { take, back, target, ready } = leased();
    const { lease } = take();
    for (let n = 0; n < 9; n += 1) writeFileSync(join(target, `f${n}`), 'x');
    expect(back(lease)).toMatchObject({ outcome: 'dropped', why: 'the job changed most of it' });
    expect(back(take().lease, false)).toMatchObject({ outcome: 'dropped', why: 'the job did not succeed' });
    expect(ready()).toBe(0);
    expect(take().mode).toBe('copy');
  });

  it.each([
    ['removed', (at: string) => rmSync(at, { recursive: true })],
    [
      'replaced by a symlink',
      (at: string) => {
        rmSync(at, { recursive: true });
        symlinkSync('/etc', at);
      },
    ],
    [
      'replaced by a file',
      (at: string) => {
        rmSync(at, { recursive: true });
        writeFileSync(at, 'mine');
      },
    ],
    [
      'replaced by another folder',
      (at: string) => {
        renameSync(at, `${at}-old`);
        mkdirSync(at);
      },
    ],
  ])('does not touch a target that was %s', (_what, change) => {
    const { take, back, target, ready } = leased();
    const { lease } = take();
    change(target);
    const before = lstatSync(target, { throwIfNoEntry: false })?.ino;
    expect(back(lease)).toMatchObject({
      outcome: 'replaced',
      why: expect.stringContaining('removed or replaced') as string,
    });
    expect(lstatSync(target, { throwIfNoEntry: false })?.ino).toBe(before);
    expect(ready()).toBe(0);
  });

  it('gives each job its own copy, and keeps no more ready copies than allowed', () => {
    const { take, store, target, ready } = leased();
    const leases = [1, 2, 3].map((n) => take(`${target}${n}`).lease);
    expect(new Set([1, 2, 3].map((n) => inode(join(`${target}${n}`, 'f1')))).size).toBe(3);
    const outcomes = leases.map((lease) => checkIn(store, lease, { keep: true, most: 2 }).outcome);
    expect(outcomes).toEqual(['clean', 'clean', 'dropped']);
    expect(ready()).toBe(2);
  });

  it('is removed after its job has died, and not before', () => {
    const { take, store, tree, target } = leased();
    take();
    expect(sweepStaging(store)).toBe(0);
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const job = { ...ownerOf(process.pid), pid: dead };
    restoreEntry(store, get(store, 'k'), [pathFromText(`${target}2`)], options({ job }));
    expect(sweepStaging(store)).toBe(1);
    expect(listing(`${target}2`)).toBe(listing(tree));
    expect(readdirSync(join(store.root, 'leases'))).toHaveLength(1);
  });

  it('reports a lease that is gone', () => {
    const { take, back } = leased();
    const { lease } = take();
    rmSync(lease.folder, { recursive: true });
    expect(back(lease)).toMatchObject({ outcome: 'gone' });
  });

  it('works for a single file, and detects a change with a forged time', () => {
    const { folder, store } = make();
    const [file, target] = [join(folder, 'model'), join(folder, 'out/model')];
    writeFileSync(file, 'weights');
    save(store, 'm', file);
    const take = () =>
      leaseOf(restoreEntry(store, get(store, 'm'), [pathFromText(target)], options({ mode: 'lease' })));
    const back = (lease: Lease) => checkIn(store, lease, { keep: true, most: 4 });
    /** Returns whether the next job gets the same file that this job returned. */
    const isTheSame = (lease: Lease): boolean => {
      const before = inode(target);
      expect(back(lease)).toMatchObject({ outcome: 'clean' });
      second = take();
      return inode(target) === before;
    };
    let second = take();
    expect(isTheSame(second)).toBe(true);
    const { atime, mtime } = lstatSync(target);
    writeFileSync(target, 'WEIGHTS');
    utimesSync(target, atime, mtime);
    expect(back(second)).toMatchObject({ outcome: 'dropped', why: 'the job changed most of it' });
    expect(isTheSame(take())).toBe(true);
    expect(readFileSync(target, 'utf8')).toBe('weights');
  });

  it('drops a copy whose entry was replaced meanwhile', () => {
    const { take, back, target, store, tree } = leased();
    const first = take();
    writeFileSync(join(target, 'f1'), 'changed');
    rmSync(get(store, 'k').folder, { recursive: true });
    writeFileSync(join(tree, 'f2'), 'of the second build');
    save(store, 'k', tree);
    expect(back(first.lease)).toMatchObject({
      outcome: 'dropped',
      why: expect.stringContaining('another one was saved') as string,
    });
    expect(take().mode).toBe('copy');
    expect(readFileSync(join(target, 'f2'), 'utf8')).toBe('of the second build');
  });

  it.skipIf(process.getuid?.() !== 0)('repairs files that another user owns now', () => {
    const { take, back, target, tree } = leased();
    const { lease } = take();
    chownSync(join(target, 'sub'), 4243, 4243);
    expect(back(lease)).toMatchObject({ outcome: 'repaired', changed: 2 });
    expect(take().mode).toBe('lease');
    expect(lstatSync(join(target, 'sub')).uid).toBe(0);
    expect(listing(target)).toBe(listing(tree));
  });

  it('protects its entry from eviction and from a save that would replace it', () => {
    const { take, back, store, tree } = leased();
    const { lease } = take();
    const later = { freeBytes: 0, now: Date.now() + 3_600_000 };
    const all = { maxBytes: 0, maxAge: 0, minFreeBytes: undefined };
    expect(collect(store, all, later)).toMatchObject({ evicted: [] });
    expect(save(store, 'k', tree, { digests: true })).toBe('exists');
    back(lease);
    expect(save(store, 'k', tree, { digests: true })).toBe('saved');
    back(take().lease);
    expect(collect(store, all, later)).toMatchObject({ evicted: [{ kind: 'copy' }, { kind: 'entry' }] });
  });
});
