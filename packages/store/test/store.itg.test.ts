import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Entry, findEntry, openStore, restoreEntry, saveEntry, versionOf } from '../src/index.ts';
import { bytes, found, listing, make, space, tree0 } from './fixture.ts';

const source = join(import.meta.dirname, '../src/index.ts');
describe('store', () => {
  it('gives back every kind of entry as it was', () => {
    const { tree, store, target } = make();
    writeFileSync(join(tree, 'new\nline'), 'x', { mode: 0o755 });
    writeFileSync(Buffer.concat([bytes(`${tree}/`), Buffer.from([0xff, 0x80])]), 'x', { mode: 0o400 });
    writeFileSync(join(tree, 'empty'), '');
    symlinkSync('sub/file', join(tree, 'relative'));
    symlinkSync('/nowhere', join(tree, 'dangling'));
    mkdirSync(join(tree, 'closed'), { mode: 0o555 });
    execFileSync('touch', ['-d', '2001-02-03 04:05:06.123456Z', join(tree, 'sub/file'), join(tree, 'sub')]);
    expect(saveEntry(store, space(), 'k', [tree0(tree)])).toBe('saved');
    const entry = findEntry(store, [space()], 'k', []);
    expect(restoreEntry(store, entry as Entry, [bytes(target)])).toBe('restored');
    expect(listing(target)).toBe(listing(tree));
    expect(lstatSync(join(target, 'sub/file')).mtimeMs).toBeCloseTo(981_173_106_123.456, 2);
    expect(readlinkSync(join(target, 'dangling'))).toBe('/nowhere');
  });

  it('takes any key, byte for byte, and never leaves its folder', () => {
    const { tree, store, folder } = make();
    const before = readdirSync(folder);
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), fc.nat(1e9), (text, salt) => {
        const key = `${salt}${text}`;
        saveEntry(store, space(), key, [tree0(tree)]);
        expect(found(findEntry(store, [space()], key, []))).toBe(key);
      }),
      {
        numRuns: 60,
        examples: [
          ['/../../x', 1],
          ['*[\n\0$(id)😀', 2],
          ['CON.', 3],
        ],
      },
    );
    expect(readdirSync(folder)).toEqual(before);
  });

  it('prefers the key itself, then the newest that begins with it, then restore keys in order', async () => {
    const { tree, store } = make();
    for (const key of ['a-1', 'b-1', 'a', 'a-2']) {
      saveEntry(store, space(), key, [tree0(tree)]);
      await new Promise((next) => setTimeout(next, 2));
    }
    expect(found(findEntry(store, [space()], 'a', []))).toBe('a');
    expect(found(findEntry(store, [space()], 'a-', []))).toBe('a-2');
    expect(found(findEntry(store, [space()], 'x', ['b-', 'a-']))).toBe('b-1');
    expect(found(findEntry(store, [space()], 'x', []))).toBeUndefined();
    expect(found(findEntry(store, [space()], 'A', []))).toBeUndefined();
  });

  it('looks scope by scope, and never across repositories, systems or paths', () => {
    const { tree, store } = make();
    const [own, base] = [space({ scope: 'refs/pull/1/merge' }), space()];
    saveEntry(store, own, 'k-old', [tree0(tree)]);
    saveEntry(store, base, 'k', [tree0(tree)]);
    expect(found(findEntry(store, [own, base], 'k', ['k-']))).toBe('k-old');
    expect(found(findEntry(store, [base], 'k', []))).toBe('k');
    for (const other of [
      { repositoryId: '2' },
      { host: 'ghes.example' },
      { version: versionOf(['e'], 'Linux', 'X64') },
      { version: versionOf(['d'], 'macOS', 'X64') },
    ]) {
      expect(findEntry(store, [space(other)], 'k', [''])).toBeUndefined();
    }
  });

  it('says that an entry exists, and keeps the first', () => {
    const { tree, store, target } = make();
    saveEntry(store, space(), 'k', [tree0(tree)]);
    writeFileSync(join(tree, 'sub/file'), 'other');
    expect(saveEntry(store, space(), 'k', [tree0(tree)])).toBe('exists');
    restoreEntry(store, findEntry(store, [space()], 'k', []) as Entry, [bytes(target)]);
    expect(readFileSync(join(target, 'sub/file'), 'utf8')).toBe('content');
  });

  it('takes one path however it is spelt', () => {
    expect(versionOf(['./d/', '~/x//y'], 'Linux', 'X64')).toBe(versionOf(['d', '~/x/y'], 'Linux', 'X64'));
    expect(versionOf(['d', 'e'], 'Linux', 'X64')).not.toBe(versionOf(['e', 'd'], 'Linux', 'X64'));
  });

  it('refuses a root that others may write', () => {
    const { folder } = make();
    const root = join(folder, 'loose');
    mkdirSync(root);
    chmodSync(root, 0o777);
    expect(() => openStore(root)).toThrow('can be written by other users');
    expect(readdirSync(root)).toEqual([]);
  });

  it('refuses a root that is a link, and a pipe in a tree, leaving nothing', () => {
    const { folder, tree, store } = make();
    symlinkSync(store.root, join(folder, 'link'));
    expect(() => openStore(join(folder, 'link'))).toThrow('is a link or a file');
    execFileSync('mkfifo', [join(tree, 'pipe')]);
    expect(() => saveEntry(store, space(), 'k', [tree0(tree)])).toThrow('a pipe or a device');
    expect(readdirSync(join(store.root, 'staging'))).toEqual([]);
    expect(lstatSync(store.root).mode & 0o777).toBe(0o700);
  });

  it('lets eight processes save one key at once: one entry, no error, no debris', async () => {
    const { tree, store, target } = make();
    const results = await Promise.all(Array.from({ length: 8 }, () => saveElsewhere(store.root, tree, 'k')));
    expect(results.filter((result) => result === 'saved')).toHaveLength(1);
    expect(results.filter((result) => result === 'exists')).toHaveLength(7);
    expect(readdirSync(join(store.root, 'staging'))).toEqual([]);
    restoreEntry(store, findEntry(store, [space()], 'k', []) as Entry, [bytes(target)]);
    expect(listing(target)).toBe(listing(tree));
  });

  it('is whole after a saver was killed at any system call that changes it, and sweeps what it left', () => {
    const { tree, store, target } = make();
    const calls = 'mkdir,rename,openat,write,chmod,utimensat';
    if (spawnSync('strace', ['-V']).status !== 0)
      return expect(spawnSync('strace', ['-V']).error).toBeDefined();
    let killed = 0;
    for (const when of [5, 20, 400, 430, 440, 445, 450, 455, 460, 470, 480, 500]) {
      const inject = `inject=${calls}:signal=KILL:when=${when}`;
      const { signal, status } = spawnSync('strace', [
        '-f',
        '-o',
        '/dev/null',
        '-e',
        `trace=${calls}`,
        '-e',
        inject,
        process.execPath,
        '--input-type=module',
        '-e',
        saver(store.root, tree, `k${when}`),
      ]);
      if (signal !== null || status !== 0) killed += 1;
      const entry = findEntry(store, [space()], `k${when}`, []);
      if (entry === undefined) continue;
      expect(restoreEntry(store, entry, [bytes(target)])).toBe('restored');
      expect(listing(target)).toBe(listing(tree));
    }
    expect(killed).toBeGreaterThan(0);
    expect(saveEntry(store, space(), 'last', [tree0(tree)])).toBe('saved');
    expect(readdirSync(join(store.root, 'staging'))).toEqual([]);
  });

  it('leaves nothing on a full disk', () => {
    const { folder, tree } = make();
    writeFileSync(join(tree, 'large'), Buffer.alloc(3_000_000, 1));
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    const script = 'mount -t tmpfs -o size=1m,mode=700 tmpfs "$1" && shift && exec "$@"';
    const own = process.getuid?.() === 0 ? [] : ['--map-root-user'];
    const code = `${saver(disk, tree, 'k').replace(
      'await save()',
      'try { await save() } catch (error) { console.log(error.code) }',
    )}; console.log(fs.readdirSync('${disk}/staging').length)`;
    const { stdout, stderr } = spawnSync(
      'unshare',
      [
        '--mount',
        ...own,
        'sh',
        '-c',
        script,
        'sh',
        disk,
        process.execPath,
        '--input-type=module',
        '-e',
        code,
      ],
      { encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual(['ENOSPC', '0']);
    expect(existsSync(join(disk, 'v1'))).toBe(false);
  });
});

/** A program that saves and prints the answer. */
function saver(root: string, tree: string, key: string): string {
  return `import fs from 'node:fs'; const { openStore, saveEntry } = await import('${source}');
    const save = async () => console.log(saveEntry(openStore('${root}'), ${JSON.stringify(space())}, '${key}', [{ path: Buffer.from('${tree}'), place: { path: 0, below: '' } }]));
    await save()`;
}

function saveElsewhere(root: string, tree: string, key: string): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', saver(root, tree, key)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('close', () => resolve(text.trim()));
  });
}
