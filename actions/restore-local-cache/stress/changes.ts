import {
  chmodSync,
  linkSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname, join, relative } from 'node:path';
import { ownerName, ownerOf } from '@runner-actions/host';
import type { Random } from '@runner-actions/testing/hostile';
import { group, open, other, victim, type World } from './world.ts';

/** What a stranger does to one thing in the store. Each throws where it cannot be done. */
const changes: Record<string, (path: string, world: World, random: Random) => void> = {
  bytes: (path, _world, random) => {
    must(lstatSync(path).isFile());
    writeFileSync(
      path,
      random.pick(['', '{', 'null', '[]', '0', '{}', '\n\n', `x${random.number(2 ** 31)}`]),
    );
  },
  'cut off': (path, _world, random) => {
    const { size } = lstatSync(path);
    must(lstatSync(path).isFile() && size > 0);
    truncateSync(path, random.number(size));
  },
  huge: (path) => {
    must(lstatSync(path).isFile());
    truncateSync(path, 2 ** 42);
  },
  // More often than others: these are words that are read.
  words: editWords,
  'other words': editWords,
  'more words': editWords,
  row: addRow,
  owner: (path, _world, random) => lchownSync(path, random.pick([0, other, victim]), group),
  // Only its owner can give a file the bits of setuid and setgid.
  mode: (path, _world, random) => {
    must(!lstatSync(path).isSymbolicLink());
    const more = lstatSync(path).isDirectory() ? [0o1777, 0o2770] : [];
    chmodSync(path, random.pick([0, 0o400, 0o500, 0o555, 0o777, 0o700, ...more]));
  },
  link: (path, world, random) => replace(path, () => symlinkSync(place(world, random), path)),
  'link to itself': (path, world) => {
    const away = join(world.folder, 'trees', `away-${Math.random()}`);
    renameSync(path, away);
    symlinkSync(away, path);
  },
  file: (path) => replace(path, () => writeFileSync(path, 'a file now')),
  folder: (path) => {
    replace(path, () => mkdirSync(join(path, 'of/another'), { recursive: true }));
    writeFileSync(join(path, 'of/another/file'), 'x');
  },
  pipe: (path) => replace(path, () => must(spawnSync('mkfifo', [path]).status === 0)),
  'hard link': (path, { folder }) => replace(path, () => linkSync(join(folder, open), path)),
  gone: (path) => rmSync(path, { recursive: true }),
  exchange: (path, world, random) => {
    const with_ = random.pick(entries(world));
    const between = join(world.root, 'between');
    renameSync(path, between);
    renameSync(with_, path);
    renameSync(between, with_);
  },
  'as of the dead': (_path, { root, folder }, random) => {
    const dead = ownerName({ ...ownerOf(process.pid), pid: 2 ** 22 - 2, startTime: 1 });
    const path = join(
      root,
      random.pick(['staging', 'leases', 'locks', 'quarantine']),
      `${dead}_1b4e28ba-2fa1-4d52-883f-0016d3cca42${random.number(9)}`,
    );
    symlinkSync(join(folder, 'home'), path);
  },
  'a tree of the home': (path, world, random) => leadTree(path, world, random),
};

/** Makes a folder of a tree a link to the victim's home, with an inventory that names what is there as it is. */
function leadTree(path: string, { root, folder }: World, random: Random): void {
  const [tree = ''] = /^.*\/tree-0(?=\/|$)/.exec(path) ?? [];
  must(tree.startsWith(root) && lstatSync(tree).isDirectory());
  const inventory = join(dirname(tree), 'inventory-0');
  const [below, home] = random.pick([
    ['sub', 'home/.ssh'],
    ['sub', 'home/sub'],
    ['sub', 'home'],
    ['', 'home'],
  ] as const);
  const rows = textOf(inventory).split('\n');
  const names = readdirSync(join(folder, home)).filter((name) =>
    lstatSync(join(folder, home, name)).isFile(),
  );
  const more = names.map((name) => {
    const { size, mtimeMs, ino, ctimeMs } = lstatSync(join(folder, home, name));
    return JSON.stringify(['file', join(below, name), 0o644, size, mtimeMs, ino, ctimeMs, '']);
  });
  const kept = rows.filter((row) => !row.includes('"sub/') && !(below === '' && !row.includes('""')));
  writeFileSync(inventory, [...kept, ...more].join('\n'));
  replace(join(tree, below), () => symlinkSync(join(folder, home), join(tree, below)));
}

/** Changes one value in a file of JSON, or of lines of it. */
function editWords(path: string, world: World, random: Random): void {
  const lines = textOf(path).split('\n');
  const at = random.number(lines.length);
  const value = JSON.parse(lines[at] ?? '') as unknown;
  lines[at] = JSON.stringify(change(value, world, random));
  writeFileSync(path, lines.join('\n'));
}

function change(value: unknown, world: World, random: Random): unknown {
  const isNested = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  if (!isNested || random.number(8) === 0) return nasty(value, world, random);
  const key = random.pick(Object.keys(value));
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
  copy[key] = change(copy[key], world, random);
  return copy;
}

function nasty(value: unknown, world: World, random: Random): unknown {
  const up = '../'.repeat(1 + random.number(9));
  const texts = [
    ...['', '.', '..', '/', 'a\0b', 'a\nb', 'link', 'directory', 'file', 'sub', 'x'.repeat(5000)],
    ...[place(world, random), `${up}home/.ssh/authorized_keys`, `sub/${up}home/.bashrc`, `${up}home`],
    ...['../.git/config', '.git/hooks', `${String(value)}/../..`, '__proto__'],
  ];
  const numbers = [-1, 0, 0.5, 1e300, 2 ** 53, 0o4755, 0o7777, 0o100644, 2 ** 31];
  const others = [null, true, [], {}, [[]], { length: 3 }];
  if (typeof value === 'string' && random.number(4) > 0) return random.pick(texts);
  if (typeof value === 'number' && random.number(4) > 0) return random.pick(numbers);
  return random.pick<unknown>([...texts, ...numbers, ...others]);
}

/** Adds a row to an inventory. */
function addRow(path: string, world: World, random: Random): void {
  must(/inventory-\d+$/.test(path));
  const up = '../'.repeat(1 + random.number(9));
  const names = [
    `${up}home/.ssh/authorized_keys`,
    'sub/file',
    'link/x',
    '.',
    `sub/${up}x`,
    'new',
    '../../src/main.c',
  ];
  const kind = random.pick(['file', 'directory', 'link', 'pipe']);
  const more =
    kind === 'link' ? random.pick([place(world, random), `${up}home`, '../.git/hooks', 'sub']) : '';
  const row = JSON.stringify([kind, random.pick(names), 0o777, random.number(9), 0, 1, 0, more]);
  const rows = textOf(path).split('\n');
  rows.splice(random.number(rows.length + 1), 0, row);
  writeFileSync(path, rows.join('\n'));
}

/** Somewhere that a stranger wants another's job to go. */
function place({ folder, workspace, root }: World, random: Random): string {
  const inside = [
    'home',
    'home/.ssh',
    'home/.ssh/authorized_keys',
    'home/.bashrc',
    'home/keys',
    'nowhere/at/all',
  ];
  const others = [
    workspace,
    join(workspace, '.git'),
    '/',
    '/etc',
    '/dev/zero',
    join(folder, open),
    root,
    '.',
    '..',
  ];
  return random.pick([...inside.map((name) => join(folder, name)), ...others]);
}

function replace(path: string, make: () => unknown): void {
  rmSync(path, { recursive: true, force: true });
  make();
}

/** Of a file that was not made huge before. */
function textOf(path: string): string {
  must(lstatSync(path).isFile() && lstatSync(path).size < 1e6);
  return readFileSync(path, 'utf8');
}

function must(isDone: boolean): void {
  if (!isDone) throw new Error('not possible');
}

/** Makes one change, and says which; `undefined`: it cannot be done to what it was to be done to. */
export function changeOne(world: World, random: Random): string | undefined {
  const kind = random.pick(Object.keys(changes));
  const path = random.pick(entries(world));
  try {
    changes[kind]?.(path, world, random);
    return `${kind} at ${relative(world.root, path)}`;
  } catch {
    return undefined;
  }
}

/** All that is in the store; what describes it more often than others. */
function entries({ root }: World): string[] {
  const all: string[] = [];
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      all.push(join(folder, entry.name));
      if (entry.isDirectory()) folders.push(join(folder, entry.name));
    }
  }
  const words = all.filter((path) =>
    /\/(entry\.json|inventory-\d|ready\.json|lease\.json|keys|used|counted|grown)$/.test(path),
  );
  return all.length === 0 ? [root] : [...all, ...words, ...words];
}
