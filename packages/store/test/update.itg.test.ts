import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pathFromText, restoreEntry } from '../src/index.ts';
import { get, listing, make, options, save } from './fixture.ts';

const names = (path: string) => readdirSync(path, { recursive: true }).sort();

/** Restores a target, applies `change`, and updates it. */
function update(change: (target: string) => void, more: Parameters<typeof options>[0] = {}) {
  const { tree, store, target } = make();
  writeFileSync(join(tree, 'token'), 'old');
  symlinkSync('sub/file', join(tree, 'link'));
  utimesSync(join(tree, 'token'), 1_000, 1_000);
  save(store, 'k', tree, { digests: true });
  const restore = (how: Parameters<typeof options>[0]) =>
    restoreEntry(store, get(store, 'k'), [pathFromText(target)], options(how));
  restore({ mode: 'copy' });
  change(target);
  const act = () => restore({ onExisting: 'update', ...more });
  return { tree, store, target, act };
}

describe('an update', () => {
  it('writes nothing in or next to a target that is complete', () => {
    const { target, act } = update((path) => {
      writeFileSync(join(path, 'sub/theirs'), '');
      utimesSync(join(path, 'sub'), 5_000, 5_000);
      utimesSync(path, 5_000, 5_000);
      utimesSync(join(path, '..'), 5_000, 5_000);
    });
    const before = listing(join(target, '..'));
    expect(act()).toEqual({
      outcome: 'restored',
      mode: 'copy',
      why: 'everything is there already',
      trash: [],
      newer: 0,
      left: [],
    });
    expect(listing(join(target, '..'))).toBe(before);
    expect(lstatSync(join(target, '..')).mtimeMs).toBe(5_000_000);
  });

  it('restores missing and older files, and keeps newer and added files', () => {
    const { target, act, store } = update((path) => {
      rmSync(join(path, 'sub'), { recursive: true });
      writeFileSync(join(path, 'token'), 'rotated');
      unlinkSync(join(path, 'link'));
      symlinkSync('elsewhere', join(path, 'link'));
      utimesOfLink(join(path, 'link'), 10);
      mkdirSync(join(path, 'theirs'));
    });
    expect(act()).toMatchObject({ outcome: 'restored', newer: 1, trash: [] });
    expect(names(target)).toEqual(['link', 'sub', 'sub/file', 'theirs', 'token']);
    expect(readFileSync(join(target, 'token'), 'utf8')).toBe('rotated');
    expect(readlinkSync(join(target, 'link'))).toBe('sub/file');
    expect(readdirSync(join(store.root, 'leases'))).toEqual([]);
  });

  it('replaces a changed file of the same size and time with verify: full', () => {
    const spoil = (path: string): void => {
      writeFileSync(join(path, 'token'), 'bad');
      utimesSync(join(path, 'token'), 1_000, 1_000);
    };
    const quick = update(spoil);
    quick.act();
    expect(readFileSync(join(quick.target, 'token'), 'utf8')).toBe('bad');
    const full = update(spoil, { verify: 'full' });
    full.act();
    expect(readFileSync(join(full.target, 'token'), 'utf8')).toBe('old');
  });

  const obstacles: [string, string, string, (path: string) => void][] = [
    ['a link where the entry has a folder', 'sub', 'a link', (path) => symlinkSync('/etc', path)],
    ['a file where the entry has a folder', 'sub', 'a file', (path) => writeFileSync(path, '')],
    ['a folder where the entry has a file', 'sub/file', 'a folder', (path) => mkdirSync(path)],
    ['a link where the entry has a file', 'sub/file', 'a link', (path) => symlinkSync('/etc/hostname', path)],
    ['a pipe', 'sub/file', 'a socket, a pipe or a device', (path) => execFileSync('mkfifo', [path])],
    ['a folder where the entry has a link', 'link', 'a folder', (path) => mkdirSync(path)],
  ];
  const both = (['update', 'renew'] as const).flatMap((how) =>
    obstacles.map((one) => [how, ...one] as const),
  );
  it.each(both)('with %s keeps %s, and restores the rest', (onExisting, _what, at, kind, stand) => {
    const { target, act } = update(
      (path) => {
        rmSync(join(path, at), { recursive: true });
        stand(join(path, at));
        unlinkSync(join(path, 'token'));
      },
      { onExisting },
    );
    const before = listing(join(target, at)) + lstatSync(join(target, at)).ino;
    expect(act()).toMatchObject({ outcome: 'restored', trash: [], left: [`${join(target, at)} (${kind})`] });
    expect(listing(join(target, at)) + lstatSync(join(target, at)).ino).toBe(before);
    expect(readFileSync(join(target, 'token'), 'utf8')).toBe('old');
    expect(act()).toMatchObject({ why: 'everything except what was left out is there already' });
  });

  it('with renew also replaces newer files, and keeps added files', () => {
    const { target, act } = update(
      (path) => {
        writeFileSync(join(path, 'token'), 'rotated');
        writeFileSync(join(path, 'theirs'), '');
      },
      { onExisting: 'renew' },
    );
    expect(act()).toMatchObject({ newer: 0, left: [] });
    expect(readFileSync(join(target, 'token'), 'utf8')).toBe('old');
    expect(names(target)).toEqual(['link', 'sub', 'sub/file', 'theirs', 'token']);
  });

  it('does not touch an obstacle at the target itself', () => {
    const { target, act } = update((path) => {
      rmSync(path, { recursive: true });
      writeFileSync(path, 'mine');
    });
    expect(act).toThrow('is a file, but the entry has another kind of file there. It was not changed');
    expect(readFileSync(target, 'utf8')).toBe('mine');
  });

  it('changes nothing when the entry is damaged', () => {
    const { target, act, store } = update((path) => unlinkSync(join(path, 'token')));
    truncateSync(join(get(store, 'k').folder, 'tree-0/token'), 1);
    expect(act()).toMatchObject({ outcome: 'broken' });
    expect(names(target)).toEqual(['link', 'sub', 'sub/file']);
  });
});

describe('a target whose parent folder may not be written', () => {
  it.each([
    ['replace', ['sub', 'sub/file']],
    ['merge', ['mine', 'sub', 'sub/file']],
    ['update', ['mine', 'sub', 'sub/file']],
  ])('is filled with %s', (onExisting, there) => {
    const { folder, tree, store, target } = make();
    save(store, 'k', tree);
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, 'mine'), '');
    const isRoot = process.getuid?.() === 0;
    if (isRoot) execFileSync('chown', ['-R', '65534:65534', folder]);
    const parent = join(target, '..');
    if (isRoot) execFileSync('chown', ['0:0', parent]);
    chmodSync(parent, 0o555);
    const code = `
      import { pathFromText, openStore, restoreEntry } from ${JSON.stringify(join(import.meta.dirname, '../src/index.ts'))};
      import { get, options } from ${JSON.stringify(join(import.meta.dirname, 'fixture.ts'))};
      const store = openStore(${JSON.stringify(store.root)});
      const how = options({ onExisting: ${JSON.stringify(onExisting)} });
      console.log(restoreEntry(store, get(store, 'k'), [pathFromText(${JSON.stringify(target)})], how).outcome);`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
      encoding: 'utf8',
      ...(isRoot ? { uid: 65534, gid: 65534 } : {}),
    });
    expect(stderr + stdout).toBe('restored\n');
    expect(names(target)).toEqual(there);
    expect(readdirSync(parent)).toEqual(['tree']);
  });
});

function utimesOfLink(path: string, seconds: number): void {
  execFileSync('touch', ['-h', '-d', `@${seconds}`, path]);
}
