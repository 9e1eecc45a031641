import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { readdirSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { pathFromText, restoreEntry } from '../src/index.ts';
import { get, listing, make, options, save } from './fixture.ts';

const isRoot = process.getuid?.() === 0;
/** The user who restores: modes do not stop root. */
const user = isRoot ? { uid: 65_534, gid: 65_534 } : {};

interface Case {
  /** Changes a target that was restored once. */
  change: (target: string, entry: string) => void;
  /** Folders in the target that get another owner, with their modes. */
  theirs?: Record<string, number>;
  onExisting?: string;
  /** The expected result of the restore and the expected files. */
  told: Record<string, unknown>;
  check?: (target: string, before: string) => void;
}

const old = (path: string): void => {
  rmSync(path);
  writeFileSync(path, 'old');
  utimesSync(path, 500, 500);
};
/** Changes files in a folder, and restores the folder's mode and time. */
const withinFolder = (folder: string, act: () => void): void => {
  const { mode } = lstatSync(folder);
  chmodSync(folder, 0o700);
  act();
  chmodSync(folder, mode & 0o777);
  utimesSync(folder, 700, 700);
};
const read = (path: string): string => readFileSync(path, 'utf8');
const modeOf = (path: string): string => (lstatSync(path).mode & 0o777).toString(8);
const expectAll = (target: string): void => {
  for (const path of ['go.mod', 'deep/a', 'free/b']) expect(read(join(target, path))).toBe('new');
};
const isThere = { outcome: 'restored', why: 'everything is there already', left: [] };
const closed = (target: string, path: string): string =>
  `${join(target, path)} (a folder that may not be written: it belongs to root)`;

const cases: Record<string, Case> = {
  'fills a read-only folder of the same user and restores its mode': {
    change: (target) => {
      withinFolder(target, () => old(join(target, 'go.mod')));
      withinFolder(join(target, 'deep'), () => unlinkSync(join(target, 'deep/a')));
    },
    told: { outcome: 'restored', left: [] },
    check: (target) => {
      expectAll(target);
      for (const path of ['', 'deep']) {
        expect(modeOf(join(target, path))).toBe('555');
        expect(lstatSync(join(target, path)).mtimeMs).toBe(700_000);
      }
    },
  },
  'leaves a read-only folder unchanged when the entry is damaged': {
    change: (target, entry) => {
      withinFolder(target, () => unlinkSync(join(target, 'go.mod')));
      chmodSync(join(entry, 'tree-0/go.mod'), 0o600);
      truncateSync(join(entry, 'tree-0/go.mod'), 1);
    },
    told: { outcome: 'broken' },
    check: (target, before) => {
      expect(listing(target)).toBe(before);
      expect(modeOf(target)).toBe('555');
      expect(lstatSync(target).mtimeMs).toBe(700_000);
    },
  },
  'keeps the contents of another user’s folder, and restores the rest': {
    change: (target) => {
      withinFolder(join(target, 'deep'), () => old(join(target, 'deep/a')));
      old(join(target, 'free/b'));
    },
    theirs: { deep: 0o755 },
    told: { outcome: 'restored', left: ['deep'] },
    check: (target) => {
      expect([read(join(target, 'deep/a')), read(join(target, 'free/b'))]).toEqual(['old', 'new']);
    },
  },
  'skips folders that it may not read': {
    change: (target) => rmSync(join(target, 'free'), { recursive: true }),
    theirs: { '': 0o755, deep: 0o700 },
    told: {
      outcome: 'restored',
      why: 'everything except what was left out is there already',
      left: ['deep', ''],
    },
  },
  'restores files below another user’s folder': {
    change: (target) => old(join(target, 'free/b')),
    theirs: { '': 0o755 },
    told: { outcome: 'restored', left: [] },
    check: expectAll,
  },
  'restores files in another user’s folder that is world-writable': {
    change: (target) => old(join(target, 'free/b')),
    theirs: { free: 0o777 },
    told: { outcome: 'restored', left: [] },
    check: expectAll,
  },
  'changes nothing with merge when another user’s folder is an obstacle': {
    change: (target) => old(join(target, 'free/b')),
    onExisting: 'merge',
    theirs: { deep: 0o755 },
    told: { message: 'TARGET/deep may not be written: it belongs to root' },
    check: (target, before) => expect(listing(target)).toBe(before),
  },
  'restores read and execute permission on the user’s own files and folders': {
    change: (target) => {
      withinFolder(target, () => undefined);
      for (const path of ['go.mod', 'free/b', 'free']) chmodSync(join(target, path), 0);
      chmodSync(target, 0o400);
    },
    told: isThere,
    check: (target) => {
      expect(['go.mod', 'free/b', 'free', ''].map((path) => modeOf(join(target, path)))).toEqual([
        '400',
        '500',
        '500',
        '500',
      ]);
    },
  },
  'removes no permission and adds no write permission': {
    change: (target) => {
      chmodSync(join(target, 'free/b'), 0o577);
      chmodSync(join(target, 'go.mod'), 0o666);
    },
    told: isThere,
    check: (target, before) => expect(listing(target)).toBe(before),
  },
};

const served = Object.entries(cases).filter(([, { theirs }]) => isRoot || theirs === undefined);

/** Like Go's module cache: read-only files and folders. */
function prepare({ change, theirs = {}, onExisting = 'update' }: Case) {
  const { folder, tree, store, target } = make();
  for (const name of ['deep', 'free']) mkdirSync(join(tree, name));
  for (const [path, mode] of [
    ['go.mod', 0o444],
    ['deep/a', 0o444],
    ['free/b', 0o755],
  ] as const) {
    writeFileSync(join(tree, path), 'new', { mode });
    utimesSync(join(tree, path), 1_000, 1_000);
  }
  for (const path of ['deep', '']) chmodSync(join(tree, path), 0o555);
  save(store, 'k', tree);
  restoreEntry(store, get(store, 'k'), [pathFromText(target)], options({ mode: 'copy' }));
  if (isRoot) execFileSync('chown', ['-R', '65534:65534', folder]);
  change(target, get(store, 'k').folder);
  if (isRoot) execFileSync('chown', ['-R', '65534:65534', folder]);
  for (const [path, mode] of Object.entries(theirs)) {
    chownSync(join(target, path), 0, 0);
    chmodSync(join(target, path), mode);
  }
  return { root: store.root, target, onExisting, before: listed(target) };
}

/** Lists the target, except what its user cannot read. */
function listed(target: string): string {
  try {
    return listing(target);
  } catch {
    return '';
  }
}

describe('an update by a user without root permissions', () => {
  const made = new Map<string, ReturnType<typeof prepare>>();
  let answers: Record<string, { left?: string[] }> = {};

  beforeAll(() => {
    for (const [name, one] of served) made.set(name, prepare(one));
    const code = `
      import { pathFromText, openStore, restoreEntry } from ${JSON.stringify(join(import.meta.dirname, '../src/index.ts'))};
      import { get, options } from ${JSON.stringify(join(import.meta.dirname, 'fixture.ts'))};
      const answer = ({ root, target, onExisting }) => {
        try {
          const store = openStore(root);
          return restoreEntry(store, get(store, 'k'), [pathFromText(target)], options({ onExisting }));
        } catch (error) {
          return { message: error.message.replace(target, 'TARGET') };
        }
      };
      const all = ${JSON.stringify([...made])}.map(([name, one]) => [name, answer(one)]);
      console.log(JSON.stringify(Object.fromEntries(all)));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
      encoding: 'utf8',
      ...user,
    });
    answers = JSON.parse(stdout || JSON.stringify(stderr)) as typeof answers;
  });

  it.each(served)('%s', (name, { told, check }) => {
    const { target, before } = made.get(name) as ReturnType<typeof prepare>;
    const left = (told['left'] as string[] | undefined)?.map((path) => closed(target, path));
    expect(answers[name]).toMatchObject(left === undefined ? told : { ...told, left });
    check?.(target, before);
    expect(readdirSync(join(target, '..'))).toEqual(['tree']);
    if (isRoot) expect(execFileSync('find', [target, '-name', '.runner-actions-*']).toString()).toBe('');
  });
});

describe.each(['update', 'merge'] as const)('a folder to which %s adds files', (onExisting) => {
  it('keeps its modification time', () => {
    const { tree, store, target } = make();
    save(store, 'k', tree);
    mkdirSync(join(target, 'sub/theirs'), { recursive: true });
    for (const path of ['sub/theirs', 'sub', '']) utimesSync(join(target, path), 300, 300.5);
    restoreEntry(store, get(store, 'k'), [pathFromText(target)], options({ onExisting }));
    expect(read(join(target, 'sub/file'))).toBe('content');
    const times = ['sub/theirs', 'sub', ''].map((path) => lstatSync(join(target, path)).mtimeMs);
    expect(times).toEqual([300_500, 300_500, 300_500]);
  });
});
