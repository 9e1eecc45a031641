// `npm run bench`, or `node packages/store/bench/trees.ts [--files 30000] [--large 1024] [--on DIR …] [--tree DIR …]`:
// compares restores and saves in every mode with other tools, next to each other in one run. `--on` names folders on
// file systems to compare; `--tree` names real trees.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ownerOf } from '@runner-actions/host';
import {
  checkIn,
  removeStagingFolder,
  findEntry,
  pathFromText,
  openStore,
  restoreEntry,
  saveEntry,
  type Space,
  type Store,
} from '../src/index.ts';
import { takeInventory } from '../src/inventory.ts';
import type { Restored } from '../src/restore-task.ts';
import { best, makeTree, printTable, type Timed } from './tree.ts';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '30000' },
    large: { type: 'string', default: '1024' },
    on: { type: 'string', multiple: true },
    tree: { type: 'string', multiple: true, default: [] },
  },
});
const rounds = 3;
const space: Space = { host: 'github.com', repositoryId: '1', scope: 'main', version: 'v' };
const disks = values.on ?? ['/dev/shm', tmpdir()].filter((folder) => existsSync(folder));

for (const disk of disks) {
  const kind = execFileSync('stat', ['-f', '-c', '%T', disk], { encoding: 'utf8' }).trim();
  const folder = mkdtempSync(join(disk, 'bench-'));
  try {
    const files = Number(values.files);
    makeTree(join(folder, 'tree'), files, Math.round(files / 6));
    compare(`${kind}: ${files} files`, folder, join(folder, 'tree'));
    compareLarge(`${kind}: one file of ${values.large} MiB`, folder);
    for (const tree of values.tree) {
      execFileSync('cp', ['-a', tree, join(folder, 'real')]);
      const count = takeInventory(pathFromText(join(folder, 'real'))).length;
      compare(`${kind}: ${tree}, ${count} files and folders`, folder, join(folder, 'real'));
      rmSync(join(folder, 'real'), { recursive: true });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compare(title: string, folder: string, tree: string): void {
  const archive = join(folder, 'a.tar.zst');
  shell('tar -C "$1" -cf - . | zstd -T0 -q -f -o "$2"', tree, archive);
  const out = join(folder, 'out');
  const clean = () => rmSync(out, { recursive: true, force: true });
  const restores: Timed[] = [
    best(
      'zstd | tar (actions/cache)',
      rounds,
      () => shell('mkdir "$2" && zstd -dcq "$1" | tar -C "$2" -xf -', archive, out),
      clean,
    ),
    best('cp -a', rounds, () => execFileSync('cp', ['-a', tree, out]), clean),
    best('cp -al', rounds, () => execFileSync('cp', ['-al', tree, out]), clean),
    ...(spawnSync('rsync', ['--version']).status === 0
      ? [best('rsync -a', rounds, () => execFileSync('rsync', ['-a', `${tree}/`, `${out}/`]), clean)]
      : []),
  ];
  const store = openStore(join(folder, 'store'));
  save(store, 'k', tree, false);
  for (const mode of ['copy', 'reflink', 'hardlink', 'symlink'] as const)
    restores.push(best(`${mode} (here)`, rounds, () => restore(store, out, mode), clean));
  restore(store, out, 'copy');
  restores.push(
    best('what the entry names is there already (here)', rounds, () => restore(store, out, 'auto', 'update')),
  );
  clean();
  const first = restore(store, out, 'auto');
  back(store, first);
  let held: Restored = first;
  restores.push(
    best(
      'lease (here)',
      rounds,
      () => (held = restore(store, out, 'lease')),
      () => back(store, held),
    ),
  );
  printTable(`Restore, ${title}`, restores, 'zstd | tar (actions/cache)');
  printTable(`Check-in, ${title}`, checkIns(store, out), 'check-in, clean');
  printTable(`Save, ${title}`, saves(folder, tree), 'tar | zstd (actions/cache)');
  rmSync(join(folder, 'store'), { recursive: true, force: true });
}

function checkIns(store: Store, out: string): Timed[] {
  return [0, 0.01, 0.2].map((share) => {
    let milliseconds = Number.POSITIVE_INFINITY;
    for (let round = 0; round < rounds; round += 1) {
      const held = restore(store, out, 'lease');
      const items = takeInventory(pathFromText(out)).filter(({ kind }) => kind === 'file');
      const every = share === 0 ? Number.POSITIVE_INFINITY : Math.round(1 / share);
      for (const [index, { path }] of items.entries())
        if (index % every === 1) writeFileSync(join(out, Buffer.from(path, 'latin1').toString()), 'changed');
      const started = performance.now();
      back(store, held);
      milliseconds = Math.min(milliseconds, performance.now() - started);
    }
    return { name: `check-in, ${share === 0 ? 'clean' : `${share * 100} % changed`}`, milliseconds };
  });
}

function saves(folder: string, tree: string): Timed[] {
  const [archive, made, root] = [join(folder, 'b.tar.zst'), join(folder, 'made'), join(folder, 'saves')];
  const timed = [
    best('tar | zstd (actions/cache)', rounds, () =>
      shell('tar -C "$1" -cf - . | zstd -T0 -q -f -o "$2"', tree, archive),
    ),
  ];
  for (const move of [true, false]) {
    let milliseconds = Number.POSITIVE_INFINITY;
    for (let round = 0; round < rounds; round += 1) {
      execFileSync('cp', ['-a', tree, made]);
      const store = openStore(root);
      const started = performance.now();
      save(store, 'k', made, move);
      milliseconds = Math.min(milliseconds, performance.now() - started);
      for (const folder of [made, root]) rmSync(folder, { recursive: true, force: true });
    }
    timed.push({
      name: move ? 'save, the job has ended (here)' : 'save, the job goes on (here)',
      milliseconds,
    });
  }
  rmSync(archive);
  return timed;
}

function compareLarge(title: string, folder: string): void {
  const file = join(folder, 'large');
  const piece = randomBytes(1 << 20);
  writeFileSync(file, '');
  for (let index = 0; index < Number(values.large); index += 1) writeFileSync(file, piece, { flag: 'a' });
  const [archive, out] = [join(folder, 'l.tar.zst'), join(folder, 'out')];
  shell('tar -C "$1" -cf - large | zstd -T0 -q -f -o "$2"', folder, archive);
  const clean = () => rmSync(out, { recursive: true, force: true });
  const store = openStore(join(folder, 'store'));
  save(store, 'k', file, false);
  const timed: Timed[] = [
    best(
      'zstd | tar (actions/cache)',
      rounds,
      () => shell('mkdir "$2" && zstd -dcq "$1" | tar -C "$2" -xf -', archive, out),
      clean,
    ),
    best('cp -a', rounds, () => execFileSync('cp', ['-a', file, out]), clean),
  ];
  for (const mode of ['copy', 'reflink', 'hardlink', 'symlink'] as const)
    timed.push(best(`${mode} (here)`, rounds, () => restore(store, out, mode), clean));
  back(store, restore(store, out, 'auto'));
  let held: Restored | undefined;
  timed.push(
    best(
      'lease (here)',
      rounds,
      () => (held = restore(store, out, 'lease')),
      () => back(store, held),
    ),
  );
  printTable(`Restore, ${title}`, timed, 'zstd | tar (actions/cache)');
  for (const name of ['large', 'l.tar.zst', 'store'])
    rmSync(join(folder, name), { recursive: true, force: true });
}

function save(store: Store, key: string, tree: string, move: boolean): void {
  const sources = [{ path: pathFromText(tree), place: { path: 0, below: '' } }];
  if (saveEntry(store, space, key, sources, { repository: 'octo/app', move }) !== 'saved')
    throw new Error('not saved');
}

function restore(
  store: Store,
  target: string,
  mode: Parameters<typeof restoreEntry>[3]['mode'],
  onExisting: 'replace' | 'update' = 'replace',
): Restored {
  const entry = findEntry(store, [space], 'k', []);
  if (entry === undefined) throw new Error('no entry');
  const result = restoreEntry(store, entry, [pathFromText(target)], {
    mode,
    isImmutable: () => true,
    onExisting,
    verify: 'stat',
    job: ownerOf(process.pid),
    readyCopies: 1,
  });
  if (result.outcome !== 'restored') throw new Error(result.outcome);
  return result;
}

function back(store: Store, held: Restored | undefined): void {
  if (held?.lease === undefined) throw new Error('no lease');
  const { outcome, why } = checkIn(store, held.lease, { keep: true, most: 1 });
  if (outcome !== 'clean' && outcome !== 'repaired') throw new Error(why);
  for (const folder of held.trash) removeStagingFolder(folder);
}

function shell(script: string, ...args: string[]): void {
  mkdirSync(tmpdir(), { recursive: true });
  execFileSync('/bin/sh', ['-c', script, 'sh', ...args]);
}
