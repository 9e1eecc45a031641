import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownerName, ownerOf } from '@runner-actions/host';
import { withReadOnly } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { checkRoot, NotAStore, openStore } from '../src/index.ts';
import { markerName } from '../src/marker.ts';
import { findStore } from '../src/root.ts';
import { sweepStaging } from '../src/staging.ts';
import { found, find, get, make, save } from './fixture.ts';

const source = join(import.meta.dirname, '../src/index.ts');
const isRoot = process.getuid?.() === 0;
const folder = (): string => mkdtempSync(join(tmpdir(), 'mark-'));
const list = (path: string): string[] => readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();

/** A folder of somebody else's, with names that a store has as well. */
function site(): string {
  const root = folder();
  for (const path of ['staging', 'locks', 'v3']) mkdirSync(join(root, path));
  writeFileSync(join(root, 'staging/index.html'), 'next');
  return root;
}

describe('a store’s mark', () => {
  it('is made with it, and a store of before gets one', () => {
    const { store, tree } = make();
    save(store, 'k', tree);
    expect(JSON.parse(readFileSync(join(store.root, markerName), 'utf8'))).toEqual({
      'runner-actions': 'store',
      version: 1,
    });
    rmSync(join(store.root, markerName));
    // Whatever such a store may hold: a lock, what is being made, what was not whole, and another user's draft.
    mkdirSync(
      join(store.root, 'staging', `${ownerName(ownerOf(process.pid))}_1b4e28ba-0000-4000-8000-000000000000`),
    );
    mkdirSync(join(store.root, 'quarantine', 'aaf106ae-6498-43a4-a7bb-9034d50524df'));
    writeFileSync(join(store.root, 'locks', 'collect'), '');
    writeFileSync(join(store.root, 'counted'), '{}');
    expect(found(find(findStore(store.root), 'k'))).toBe('k');
    expect(existsSync(join(store.root, markerName))).toBe(true);
  });

  it('is not given to a folder of other things, in which nothing is touched', () => {
    const root = site();
    const before = list(root);
    for (const open of [openStore, findStore, checkRoot])
      expect(() => open(root)).toThrow(
        new NotAStore(
          `${root} is not empty, and no store: it has no ${markerName}, and holds staging/index.html. Name an empty folder or the store's own; if it is a store of before, move what is not of it away.`,
        ),
      );
    expect(list(root)).toEqual(before);
  });

  it.each([
    ['a file beside', (root: string) => writeFileSync(join(root, 'README'), '')],
    [
      'a link for a folder',
      (root: string) => swap(join(root, 'staging'), () => symlinkSync('/etc', join(root, 'staging'))),
    ],
    [
      'a file for a folder',
      (root: string) => swap(join(root, 'locks'), () => writeFileSync(join(root, 'locks'), '')),
    ],
    [
      'a link for a file',
      (root: string) => swap(join(root, 'reserve'), () => symlinkSync('/etc/passwd', join(root, 'reserve'))),
    ],
    ['a large reserve', (root: string) => writeFileSync(join(root, 'reserve'), Buffer.alloc(1 << 17))],
    ['a foreign entry', (root: string) => mkdirSync(join(root, 'v3', 'octo'))],
    ['a foreign folder being made', (root: string) => mkdirSync(join(root, 'staging', 'site'))],
    [
      'another program’s tag',
      (root: string) => writeFileSync(join(root, 'CACHEDIR.TAG'), 'Signature: 8a47 pip'),
    ],
  ])('is not given to what looks like a store, with %s', (_name, change) => {
    const { store } = make();
    rmSync(join(store.root, markerName));
    change(store.root);
    expect(() => findStore(store.root)).toThrow(NotAStore);
    expect(existsSync(join(store.root, markerName))).toBe(false);
  });

  it('is not given to an empty folder by who only looks, but a new disk’s is a place for a store', () => {
    const root = folder();
    mkdirSync(join(root, 'lost+found'));
    expect(() => findStore(root)).toThrow('There is no store in');
    expect(readdirSync(root)).toEqual(['lost+found']);
    expect(openStore(root).root).toBe(root);
    expect(readdirSync(join(root, 'lost+found'))).toEqual([]);
    expect(() => findStore(join(root, 'none'))).toThrow('There is no store in');
    expect(existsSync(join(root, 'none'))).toBe(false);
  });

  it.each([
    ['a link', (path: string) => symlinkSync('/etc/hostname', path), /is a link/],
    ['a folder', (path: string) => mkdirSync(path), /is none of ours/],
    ['damaged', (path: string) => writeFileSync(path, '{"version":1}'), /is damaged/],
    ['empty', (path: string) => writeFileSync(path, ''), /is damaged/],
    [
      'of a newer version',
      (path: string) => writeFileSync(path, '{"runner-actions":"store","version":2}'),
      /newer version.*\(2; this one knows 1\)/,
    ],
  ])('that is %s is refused, and nothing is touched', (_name, change, message) => {
    const { store } = make();
    swap(join(store.root, markerName), () => change(join(store.root, markerName)));
    const before = list(store.root);
    for (const open of [openStore, findStore]) expect(() => open(store.root)).toThrow(message);
    expect(() => openStore(store.root)).not.toThrow(NotAStore);
    expect(list(store.root)).toEqual(before);
  });

  it.skipIf(!isRoot)('of a stranger counts in a folder that a group shares, and nowhere else', () => {
    const { store } = make();
    chownSync(join(store.root, markerName), 4241, 4242);
    expect(() => openStore(store.root)).toThrow('is of user 4241');
    chmodSync(store.root, 0o2770);
    expect(openStore(store.root).group).toBe(0);
  });

  it('is not lost on a process that is killed while it makes one', () => {
    const root = folder();
    const { pid = 0 } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(join(root, `.runner-actions-${ownerName({ ...ownerOf(process.pid), pid })}_x`), '');
    expect(() => checkRoot(root)).not.toThrow();
    openStore(root);
    expect(readdirSync(root).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('is made once by eight processes at once, and none is refused', async () => {
    const root = join(folder(), 'store');
    const code = `const { openStore } = await import(${JSON.stringify(source)}); console.log(openStore(${JSON.stringify(root)}).root);`;
    const one = () =>
      new Promise<string>((resolve) => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        let said = '';
        for (const stream of [child.stdout, child.stderr])
          stream.on('data', (part: Buffer) => (said += part.toString()));
        child.on('close', () => resolve(said.trim()));
      });
    expect(await Promise.all(Array.from({ length: 8 }, one))).toEqual(Array(8).fill(root));
    expect(readdirSync(root).filter((name) => name.startsWith('.'))).toEqual([]);
    expect(lstatSync(join(root, markerName)).isFile()).toBe(true);
  });

  it('is not needed by a store of before that may only be read', (context) => {
    const { store, tree } = make();
    save(store, 'k', tree);
    rmSync(join(store.root, markerName));
    const wrap = withReadOnly(store.root);
    if (wrap === undefined) return context.skip('no mounts here');
    const code = `const { findStore, openStore } = await import(${JSON.stringify(join(source, '../root.ts'))});
      console.log([openStore, findStore].map((open) => open(${JSON.stringify(store.root)}).readOnly).join());`;
    const [file = '', ...args] = [...wrap, process.execPath, '--input-type=module', '-e', code];
    const { stdout, stderr } = spawnSync(file, args, { encoding: 'utf8' });
    expect([stdout.trim(), stderr]).toEqual(['true,true', '']);
    expect(get(store, 'k').metadata.key).toBe('k');
  });
});

describe('a store’s root', () => {
  it.each([
    '/',
    '/etc',
    '/etc/runner-actions',
    '/usr/share/cache',
    '/usr/local',
    '/var',
    '/var/cache',
    '/home',
    '/proc/self',
    '/dev',
    '/tmp',
    '/boot/cache',
    '~',
    '~/.ssh',
    '~/.ssh/cache',
    '~/..',
    'cache',
    './cache',
    '../cache',
    '',
  ])('is not %s', (path) => {
    const home = process.env['HOME'] ?? '/root';
    const root = path.replace(/^~/, home);
    // Nothing here may make a store, were it not refused.
    expect(() => checkRoot(root)).toThrow(NotAStore);
  });

  it.each(['~/cache', '$HOME/cache'])('is not %s, which nothing expands', (path) => {
    expect(() => checkRoot(path)).toThrow(
      `The store's root '${path}' is relative. Give it in full. \`~\` and variables are not expanded.`,
    );
  });

  it('is not a system folder behind a link', () => {
    const root = folder();
    symlinkSync('/etc', join(root, 'settings'));
    expect(() => checkRoot(join(root, 'settings/cache'))).toThrow(/lies in a folder of the system, \/etc/);
  });

  it('is left to others where these are: a store’s folder in staging is not swept there', () => {
    const root = site();
    expect(() => sweepStaging(findStore(root))).toThrow(NotAStore);
    expect(readFileSync(join(root, 'staging/index.html'), 'utf8')).toBe('next');
  });
});

/** Puts something in the place of what is there. */
function swap(path: string, put: () => void): void {
  rmSync(path, { recursive: true });
  put();
}
