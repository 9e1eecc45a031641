import { mkdirSync } from 'node:fs';
import { expectKind } from './copy-file.ts';
import { copyItems } from './copy.ts';
import { treeIn } from './entry.ts';
import type { Inventory, Item } from './item.ts';
import { foldersFor, mergeInto } from './merge.ts';
import { chooseMode } from './mode.ts';
import { below, parentOf, toBytes } from './names.ts';
import { whyClosed, withOpen } from './open-folders.ts';
import { copyOptions } from './place-copies.ts';
import type { Pair } from './probe.ts';
import { areaFor, putInPlace } from './put-in-place.ts';
import { type Restored, commonPair, expectThere, probeTask, readMasters, type Task } from './task.ts';
import { drop } from './swap.ts';
import { type Lacking, lookForLacking } from './update.ts';
import type { Way } from './ways.ts';

/** By copies, where a target cannot be put in place by one rename: what is in it stays, or it has to stay itself. */
export function placeApart(task: Task): Restored {
  const { targets, ways, options } = task;
  const masters = readMasters(task);
  const lacking = masters.map((items, index): Lacking =>
    ways[index]?.kind === 'update'
      ? lookForLacking(targets[index] as string, items, {
          full: options.verify === 'full',
          overNewer: ways[index].overNewer === true,
        })
      : { items, newer: 0, left: [] },
  );
  const newer = lacking.reduce((sum, one) => sum + one.newer, 0);
  const left = lacking.flatMap((one) => one.left);
  if (lacking.every(({ items }) => items.length === 0)) {
    const what = left.length === 0 ? 'all of it' : 'all but what is left out';
    return { outcome: 'restored', mode: 'copy', why: `${what} is there already`, trash: [], newer, left };
  }
  const besides = ways.map((way, index) => besideOf(way, targets[index] as string, lacking[index]));
  // What lacks nothing needs no place of its own.
  const some = besides.find((beside) => beside !== undefined);
  const placed = ways.map((way, index) => ({ ...way, beside: besides[index] ?? some ?? way.beside }));
  const stay = placed.filter(({ kind }) => kind !== 'swap').map(({ beside }) => beside);
  const result = withOpen(stay, () => stageAndPut({ ...task, ways: placed }, masters, lacking));
  return { ...result, newer, left };
}

/** Where things are made for a target: where nothing can be put in itself, in the first of its folders that lacks something. */
function besideOf({ kind, beside }: Way, target: string, lacking: Lacking | undefined): string | undefined {
  const [first] = lacking?.items ?? [];
  if (first === undefined) return undefined;
  return kind !== 'update' || whyClosed(beside) === undefined ? beside : parentOf(below(target, first.path));
}

function stageAndPut(task: Task, masters: readonly Inventory[], lacking: readonly Lacking[]): Restored {
  const { entry, targets, ways, options } = task;
  const pairs = probeTask(task);
  const why = ways.find((way) => way.why !== '')?.why ?? '';
  const choice = chooseMode(options.mode, commonPair(pairs), { leases: false, apart: why });
  const areas = targets.map((_target, index) => areaFor(task, pairs, index));
  try {
    for (const [index, { items }] of lacking.entries()) {
      const [from, to] = [treeIn(task.here, index), stagedIn(areas, index)];
      const isUpdate = ways[index]?.kind === 'update';
      if (isUpdate) expectFolders(from, masters[index] ?? []);
      copyItems(from, to, isUpdate ? filesOf(items, to) : items, copyOptions(task, choice, index));
    }
    expectThere(entry);
    const trash = putAll(task, pairs, areas, lacking);
    return { outcome: 'restored', mode: choice.mode, why: choice.why, trash };
  } finally {
    for (const area of areas) drop(area);
  }
}

function stagedIn(areas: readonly string[], index: number): string {
  return below(areas[index] as string, `new-${index}`);
}

/** All of it is there and whole by now: what is in the targets is touched only then. @returns the folders of the trash */
function putAll(
  task: Task,
  pairs: readonly Pair[],
  areas: readonly string[],
  lacking: readonly Lacking[],
): string[] {
  const { targets, ways } = task;
  const kindAt = (index: number): Way['kind'] | undefined => ways[index]?.kind;
  const merges = [...lacking.entries()].filter(([index]) =>
    ['merge', 'update'].includes(kindAt(index) ?? ''),
  );
  const folders = merges.flatMap(([index, { items }]) => foldersFor(targets[index] as string, items));
  return withOpen(folders, () => {
    const trash = putInPlace(task, pairs, (index) => stagedIn(areas, index));
    for (const [index, { items }] of merges) {
      const aside = kindAt(index) === 'merge' ? below(areas[index] as string, 'old') : undefined;
      mergeInto(stagedIn(areas, index), targets[index] as string, items, aside);
    }
    return trash;
  });
}

/** A link in the place of a folder would lead to files of whoever copies. @throws NotWhole */
function expectFolders(from: string, items: readonly Item[]): void {
  for (const item of items) if (item.kind === 'directory') expectKind(below(from, item.path), item);
}

/** The items that are no folders, with the folders made that they are staged in. */
function filesOf(items: readonly Item[], staged: string): Item[] {
  const files = items.filter(({ kind }) => kind !== 'directory');
  const parents = new Set(files.filter(({ path }) => path !== '').map(({ path }) => parentOf(path)));
  for (const parent of parents) mkdirSync(toBytes(below(staged, parent)), { recursive: true });
  return files;
}
