import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { readdirSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fromText, restoreEntry } from '../src/index.ts';
import { get, listing, make, options, save } from './fixture.ts';

const isRoot = process.getuid?.() === 0;
/** Who restores: modes do not stop root. */
const user = isRoot ? { uid: 65_534, gid: 65_534 } : {};

interface Case {
  /** What becomes of a target that was restored once. */
  change: (target: string, entry: string) => void;
  /** Folders in it that get another owner, and their modes. */
  theirs?: Record<string, number>;
  onExisting?: string;
  /** What the restore is to answer, and what is to be there then. */
  told: Record<string, unknown>;
  check?: (target: string, before: string) => void;
}

const old = (path: string): void => {
  rmSync(path);
  writeFileSync(path, 'old');
  utimesSync(path, 500, 500);
};
/** Changes what is in a folder, which has its mode and its time then. */
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
const isThere = { outcome: 'restored', why: 'all of it is there already', left: [] };
const closed = (target: string, path: string): string =>
  `${join(target, path)} (a folder that may not be written: it belongs to root)`;

const cases: Record<string, Case> = {
  'fills a read-only folder of its own, which is as it was then': {
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
  'of an entry that is not whole leaves a read-only folder closed': {
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
  'leaves what is in a folder of another user’s, and brings the rest': {
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
  'leaves what it may not look at': {
    change: (target) => rmSync(join(target, 'free'), { recursive: true }),
    theirs: { '': 0o755, deep: 0o700 },
    told: { outcome: 'restored', why: 'all but what is left out is there already', left: ['deep', ''] },
  },
  'brings what is below a folder of another user’s': {
    change: (target) => old(join(target, 'free/b')),
    theirs: { '': 0o755 },
    told: { outcome: 'restored', left: [] },
    check: expectAll,
  },
  'in a folder of another user’s that all may write': {
    change: (target) => old(join(target, 'free/b')),
    theirs: { free: 0o777 },
    told: { outcome: 'restored', left: [] },
    check: expectAll,
  },
  'by merge changes nothing where a folder of another user’s is in the way': {
    change: (target) => old(join(target, 'free/b')),
    onExisting: 'merge',
    theirs: { deep: 0o755 },
    told: { message: 'TARGET/deep may not be written: it belongs to root' },
    check: (target, before) => expect(listing(target)).toBe(before),
  },
  'gives its own files and folders back what a job needs to read and run them': {
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
  'takes no bits away, and gives none to write': {
    change: (target) => {
      chmodSync(join(target, 'free/b'), 0o577);
      chmodSync(join(target, 'go.mod'), 0o666);
    },
    told: isThere,
    check: (target, before) => expect(listing(target)).toBe(before),
  },
};

const served = Object.entries(cases).filter(([, { theirs }]) => isRoot || theirs === undefined);

/** As Go's module cache has them: files and folders that may not be written. */
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
  restoreEntry(store, get(store, 'k'), [fromText(target)], options({ mode: 'copy' }));
  if (isRoot) execFileSync('chown', ['-R', '65534:65534', folder]);
  change(target, get(store, 'k').folder);
  if (isRoot) execFileSync('chown', ['-R', '65534:65534', folder]);
  for (const [path, mode] of Object.entries(theirs)) {
    chownSync(join(target, path), 0, 0);
    chmodSync(join(target, path), mode);
  }
  return { root: store.root, target, onExisting, before: listed(target) };
}

/** Nothing of what its user has closed. */
function listed(target: string): string {
  try {
    return listing(target);
  } catch {
    return '';
  }
}

describe('an update by a user whom modes stop', () => {
  const made = new Map<string, ReturnType<typeof prepare>>();
  let answers: Record<string, { left?: string[] }> = {};

  beforeAll(() => {
    for (const [name, one] of served) made.set(name, prepare(one));
    const code = `
      import { fromText, openStore, restoreEntry } from ${JSON.stringify(join(import.meta.dirname, '../src/index.ts'))};
      import { get, options } from ${JSON.stringify(join(import.meta.dirname, 'fixture.ts'))};
      const answer = ({ root, target, onExisting }) => {
        try {
          const store = openStore(root);
          return restoreEntry(store, get(store, 'k'), [fromText(target)], options({ onExisting }));
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

describe.each(['update', 'merge'] as const)('a folder that something is put in by %s', (onExisting) => {
  it('is not later than it was', () => {
    const { tree, store, target } = make();
    save(store, 'k', tree);
    mkdirSync(join(target, 'sub/theirs'), { recursive: true });
    for (const path of ['sub/theirs', 'sub', '']) utimesSync(join(target, path), 300, 300.5);
    restoreEntry(store, get(store, 'k'), [fromText(target)], options({ onExisting }));
    expect(read(join(target, 'sub/file'))).toBe('content');
    const times = ['sub/theirs', 'sub', ''].map((path) => lstatSync(join(target, path)).mtimeMs);
    expect(times).toEqual([300_500, 300_500, 300_500]);
  });
});
