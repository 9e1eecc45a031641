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

/** A folder of another program, with names that a store also uses. */
function site(): string {
  const root = folder();
  for (const path of ['staging', 'locks', 'v3']) mkdirSync(join(root, path));
  writeFileSync(join(root, 'staging/index.html'), 'next');
  return root;
}

describe('the marker of a store', () => {
  it('is created with a new store, and added to an old store', () => {
    const { store, tree } = make();
    save(store, 'k', tree);
    expect(JSON.parse(readFileSync(join(store.root, markerName), 'utf8'))).toEqual({
      'runner-actions': 'store',
      version: 1,
    });
    rmSync(join(store.root, markerName));
    // Everything that an old store may contain: a lock, a staging folder, a quarantined entry, and another user's
    // draft.
    mkdirSync(
      join(store.root, 'staging', `${ownerName(ownerOf(process.pid))}_1b4e28ba-0000-4000-8000-000000000000`),
    );
    mkdirSync(join(store.root, 'quarantine', 'aaf106ae-6498-43a4-a7bb-9034d50524df'));
    for (const name of ['collect', `target-${'0'.repeat(64)}`])
      writeFileSync(join(store.root, 'locks', name), '');
    writeFileSync(join(store.root, 'counted'), '{}');
    expect(found(find(findStore(store.root), 'k'))).toBe('k');
    expect(existsSync(join(store.root, markerName))).toBe(true);
  });

  it('is not added to a folder with other files, which stay untouched', () => {
    const root = site();
    const before = list(root);
    for (const open of [openStore, findStore, checkRoot])
      expect(() => open(root)).toThrow(
        new NotAStore(
          `${root} is not empty and is not a store: it has no ${markerName} and contains staging/index.html. Choose an empty folder or an existing store. If it is an old store, move the other files out of it.`,
        ),
      );
    expect(list(root)).toEqual(before);
  });

  it.each([
    ['another file', (root: string) => writeFileSync(join(root, 'README'), '')],
    [
      'a symlink in place of a folder',
      (root: string) => swap(join(root, 'staging'), () => symlinkSync('/etc', join(root, 'staging'))),
    ],
    [
      'a file in place of a folder',
      (root: string) => swap(join(root, 'locks'), () => writeFileSync(join(root, 'locks'), '')),
    ],
    [
      'a symlink in place of a file',
      (root: string) => swap(join(root, 'reserve'), () => symlinkSync('/etc/passwd', join(root, 'reserve'))),
    ],
    ['a large reserve', (root: string) => writeFileSync(join(root, 'reserve'), Buffer.alloc(1 << 17))],
    ['a foreign entry', (root: string) => mkdirSync(join(root, 'v3', 'octo'))],
    ['a foreign folder in staging', (root: string) => mkdirSync(join(root, 'staging', 'site'))],
    [
      'another program’s tag',
      (root: string) => writeFileSync(join(root, 'CACHEDIR.TAG'), 'Signature: 8a47 pip'),
    ],
  ])('is not added to a folder that looks like a store but has %s', (_name, change) => {
    const { store } = make();
    rmSync(join(store.root, markerName));
    change(store.root);
    expect(() => findStore(store.root)).toThrow(NotAStore);
    expect(existsSync(join(store.root, markerName))).toBe(false);
  });

  it('is not added to an empty folder by findStore, but openStore accepts a new disk', () => {
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
    ['a symlink', (path: string) => symlinkSync('/etc/hostname', path), /is a symlink/],
    ['a folder', (path: string) => mkdirSync(path), /is not valid/],
    ['damaged', (path: string) => writeFileSync(path, '{"version":1}'), /is damaged/],
    ['empty', (path: string) => writeFileSync(path, ''), /is damaged/],
    [
      'of a newer version',
      (path: string) => writeFileSync(path, '{"runner-actions":"store","version":2}'),
      /newer version.*version 2; this version supports 1\)/,
    ],
  ])('is rejected if it is %s, and nothing is touched', (_name, change, message) => {
    const { store } = make();
    swap(join(store.root, markerName), () => change(join(store.root, markerName)));
    const before = list(store.root);
    for (const open of [openStore, findStore]) expect(() => open(store.root)).toThrow(message);
    expect(() => openStore(store.root)).not.toThrow(NotAStore);
    expect(list(store.root)).toEqual(before);
  });

  it.skipIf(!isRoot)('of another user is only trusted in a folder that a group shares', () => {
    const { store } = make();
    chownSync(join(store.root, markerName), 4241, 4242);
    expect(() => openStore(store.root)).toThrow('belongs to user 4241');
    chmodSync(store.root, 0o2770);
    expect(openStore(store.root).group).toBe(0);
  });

  it('is created after a process was killed while it wrote one', () => {
    const root = folder();
    const { pid = 0 } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(join(root, `.runner-actions-${ownerName({ ...ownerOf(process.pid), pid })}_x`), '');
    expect(() => checkRoot(root)).not.toThrow();
    openStore(root);
    expect(readdirSync(root).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('is created once when eight processes open a new store at the same time', async () => {
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

  it('is not required in an old store that is read-only', (context) => {
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

describe('the root of a store', () => {
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
  ])('cannot be %s', (path) => {
    const home = process.env['HOME'] ?? '/root';
    const root = path.replace(/^~/, home);
    // This test must not create a store if the path is accepted by mistake.
    expect(() => checkRoot(root)).toThrow(NotAStore);
  });

  it.each(['~/cache', '$HOME/cache'])('cannot be %s, which is not expanded', (path) => {
    expect(() => checkRoot(path)).toThrow(
      `The store's root '${path}' is relative. Use an absolute path. \`~\` and variables are not expanded.`,
    );
  });

  it('cannot be a system folder behind a symlink', () => {
    const root = folder();
    symlinkSync('/etc', join(root, 'settings'));
    expect(() => checkRoot(join(root, 'settings/cache'))).toThrow(/lies in a folder of the system, \/etc/);
  });

  it('is not swept when the folder belongs to another program', () => {
    const root = site();
    expect(() => sweepStaging(findStore(root))).toThrow(NotAStore);
    expect(readFileSync(join(root, 'staging/index.html'), 'utf8')).toBe('next');
  });
});

/** Replaces the file or folder at a path. */
function swap(path: string, put: () => void): void {
  rmSync(path, { recursive: true });
  put();
}
