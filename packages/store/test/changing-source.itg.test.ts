import type * as nodeFs from 'node:fs';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { pathFromText, readPack, restoreEntry, saveEntry, writePack } from '../src/index.ts';
import { checkStore } from '../src/fsck.ts';
import { get, links, make, options, save, space, tree0 } from './fixture.ts';

interface Fault {
  /** The call that fails. `device`: no call fails, but the path is on another device. */
  call: string;
  code?: string;
  errno?: number;
}

/** The faults of the disk, by the end of the path. */
const faults = vi.hoisted(() => new Map<string, Fault>());

vi.mock('node:fs', async (load) => {
  const fs = await load<typeof nodeFs>();
  const faultIn = (call: string, path: unknown): Fault | undefined =>
    [...faults].find(([end, fault]) => fault.call === call && String(path).endsWith(end))?.[1];
  const expectNone = (call: string, path: unknown): void => {
    const fault = faultIn(call, path);
    if (fault !== undefined) throw Object.assign(new Error(`${fault.code}, ${call}`), fault);
  };
  const openSync = (...args: Parameters<typeof fs.openSync>): number => {
    expectNone('openSync', args[0]);
    return fs.openSync(...args);
  };
  const lstatSync = (path: string, how: object): unknown => {
    expectNone('lstatSync', path);
    const stats = fs.lstatSync(path, how);
    return faultIn('device', path) === undefined ? stats : Object.assign(stats as object, { dev: 0n });
  };
  return { ...fs, openSync, lstatSync };
});

afterEach(() => {
  faults.clear();
});

const large = 'b-large';
const changed = 'it changed while it was read';
const gone = 'it was removed meanwhile';

/** Creates a tree in which `change` changes something after all of it was listed. */
function makeChanging(change: (tree: string) => void) {
  const made = make();
  const { tree } = made;
  mkdirSync(join(tree, 'c/d'), { recursive: true });
  for (const name of ['a.log', 'c/d/file', 'c/file', 'z']) writeFileSync(join(tree, name), 'content');
  writeFileSync(join(tree, large), Buffer.alloc((1 << 20) + 1));
  const skipped: [string, string][] = [];
  const listed = existing(tree).length + 1;
  let looks = 0;
  const hooks = {
    skip: (path: string, why: string) => skipped.push([path.slice(tree.length + 1), why]),
    tick: () => {
      looks += 1;
      if (looks === listed) change(tree);
    },
  };
  return { ...made, skipped, hooks };
}

const existing = (path: string) => readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();

describe('saveEntry while the source changes', () => {
  it.each<[what: string, change: (tree: string) => void, left: [string, string][], gone: string[]]>([
    [
      'a log that grows',
      (tree) => appendFileSync(join(tree, 'a.log'), 'more'),
      [['a.log', changed]],
      ['a.log'],
    ],
    [
      'a large file that grows',
      (tree) => appendFileSync(join(tree, large), 'x'),
      [[large, changed]],
      [large],
    ],
    ['a file that is truncated', (tree) => truncateSync(join(tree, 'z')), [['z', changed]], ['z']],
    ['a file that is removed', (tree) => rmSync(join(tree, 'z')), [['z', gone]], ['z']],
    ['a large file that is removed', (tree) => rmSync(join(tree, large)), [[large, gone]], [large]],
    [
      'a folder that is removed',
      (tree) => rmSync(join(tree, 'c'), { recursive: true }),
      [['c', gone]],
      ['c', 'c/d', 'c/d/file', 'c/file'],
    ],
    [
      'a folder that becomes a file',
      (tree) => {
        rmSync(join(tree, 'c'), { recursive: true });
        writeFileSync(join(tree, 'c'), '');
      },
      [['c', changed]],
      ['c', 'c/d', 'c/d/file', 'c/file'],
    ],
  ])('leaves out %s, reports the reason, and saves the rest', (_what, change, left, without) => {
    const { tree, store, target, skipped, hooks } = makeChanging(change);
    const before = existing(tree);
    expect(save(store, 'k', tree, { ...hooks, digests: true })).toBe('saved');
    expect(skipped).toEqual(left);
    expect(checkStore(store, { repair: false }).problems).toEqual([]);
    const full = options({ mode: 'copy', verify: 'full' });
    expect(restoreEntry(store, get(store, 'k'), [pathFromText(target)], full).outcome).toBe('restored');
    expect(existing(target)).toEqual(before.filter((name) => !without.includes(name)));
  });

  it('leaves out a path that is removed, and saves the other paths', () => {
    const { folder, tree, store, skipped, hooks } = makeChanging((path) => rmSync(path, { recursive: true }));
    const [file, none] = [join(folder, 'file'), join(folder, 'none')];
    writeFileSync(file, 'x');
    const sources = [none, tree, file].map((path) => tree0(path));
    expect(saveEntry(store, space(), 'k', sources, { repository: '', ...hooks })).toBe('saved');
    expect(skipped.map(([, why]) => why)).toEqual([gone, gone]);
    expect(get(store, 'k').metadata.trees.map(({ from }) => from)).toEqual([file]);
    expect(checkStore(store, { repair: false }).problems).toEqual([]);
  });
});

describe('saveEntry on a disk that fails', () => {
  const { EIO, ESTALE } = constants.errno;
  it.each([
    ['lstatSync', { code: 'EIO', errno: -EIO }, 'the disk says: EIO, input/output error'],
    ['openSync', { code: 'EIO', errno: -EIO }, 'the disk says: EIO, input/output error'],
    [
      'lstatSync',
      { code: `Unknown system error -${ESTALE}`, errno: -ESTALE },
      'the disk says: ESTALE, stale file handle',
    ],
    [
      'openSync',
      { code: `Unknown system error -${ESTALE}`, errno: -ESTALE },
      'the disk says: ESTALE, stale file handle',
    ],
  ])('leaves out only the file that cannot be read when %s fails (%o)', (call, fault, why) => {
    const { tree, store, skipped, hooks } = makeChanging(() => undefined);
    faults.set('/tree/z', { call, ...fault });
    expect(save(store, 'k', tree, hooks)).toBe('saved');
    expect(skipped).toEqual([['z', why]]);
  });

  it('fails when the disk of the store fails', () => {
    const { tree, store, skipped, hooks } = makeChanging(() => undefined);
    faults.set('/tree-0/z', { call: 'openSync', code: 'EIO', errno: -EIO });
    expect(() => save(store, 'k', tree, hooks)).toThrow('EIO');
    expect([skipped, readdirSync(join(store.root, 'staging'))]).toEqual([[], []]);
  });
});

it('leaves out a folder on another device that is not a mount point, and reports it', () => {
  const { tree, store, skipped, hooks } = makeChanging(() => undefined);
  faults.set('/tree/c', { call: 'device' });
  expect(save(store, 'k', tree, hooks)).toBe('saved');
  expect(skipped).toEqual([['c', 'it is on another file system, or a subvolume']]);
});

describe('a save with inPlace', () => {
  const pack = async (change: (tree: string) => void, digests: boolean) => {
    const { folder, tree, store, skipped, hooks } = makeChanging(digests ? change : () => undefined);
    save(store, 'k', tree, { inPlace: true, digests, ...hooks });
    if (!digests) change(tree);
    const out = new PassThrough();
    const to = join(folder, 'unpacked');
    mkdirSync(to);
    const entry = get({ ...store, temporary: true }, 'k');
    const limits = { maxBytes: 1e7, maxItems: 100 };
    const [packed] = await Promise.allSettled([
      writePack(entry, out).catch((error: unknown) => {
        out.destroy(error as Error);
        throw error;
      }),
      readPack(out, to, { limits, linksOf: () => links }),
    ]);
    return { packed, skipped, has: existsSync(join(to, 'tree-0/a.log')) };
  };

  it('packs a file up to the listed size when it grows afterwards', async () => {
    const { packed, has } = await pack((tree) => appendFileSync(join(tree, 'a.log'), 'more'), false);
    expect([packed.status, has]).toEqual(['fulfilled', true]);
  });

  it('leaves out a file that changes before its digest is computed', async () => {
    const { packed, skipped, has } = await pack((tree) => appendFileSync(join(tree, 'a.log'), 'more'), true);
    expect([packed.status, has, skipped]).toEqual(['fulfilled', false, [['a.log', changed]]]);
  });
});
