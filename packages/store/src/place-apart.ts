import { mkdirSync } from 'node:fs';
import { copyItems, expectKind } from './copy.ts';
import { treeIn } from './entry.ts';
import type { Item } from './inventory.ts';
import { mergeInto } from './merge.ts';
import { chooseMode } from './mode.ts';
import { below, parentOf, toBytes } from './names.ts';
import { copyOptions } from './place-copies.ts';
import { areaFor, putInPlace } from './put-in-place.ts';
import type { Restored } from './restore.ts';
import { drop } from './swap.ts';
import { commonPair, expectThere, probeTask, readMasters, type Task } from './task.ts';
import { type Lacking, lookForLacking } from './update.ts';

/** By copies, where a target cannot be put in place by one rename: what is in it stays, or it has to stay itself. */
export function placeApart(task: Task): Restored {
  const { entry, targets, ways, options } = task;
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
  const pairs = probeTask(task);
  const why = ways.find((way) => way.why !== '')?.why ?? '';
  const choice = chooseMode(options.mode, commonPair(pairs), { leases: false, apart: why });
  const areas = targets.map((_target, index) => areaFor(task, pairs, index));
  const stagedOf = (index: number): string => below(areas[index] as string, `new-${index}`);
  try {
    for (const [index, { items }] of lacking.entries()) {
      const from = treeIn(entry.folder, index);
      const isUpdate = ways[index]?.kind === 'update';
      if (isUpdate) expectFolders(from, masters[index] ?? []);
      const toCopy = isUpdate ? filesOf(items, stagedOf(index)) : items;
      copyItems(from, stagedOf(index), toCopy, copyOptions(task, choice, index));
    }
    expectThere(entry);
    const trash = putInPlace(task, pairs, stagedOf);
    // All of it is there and whole by now: what is in the targets is touched only then.
    for (const [index, { items }] of lacking.entries()) {
      const { kind } = ways[index] ?? {};
      if (kind !== 'merge' && kind !== 'update') continue;
      const aside = kind === 'merge' ? below(areas[index] as string, 'old') : undefined;
      mergeInto(stagedOf(index), targets[index] as string, items, aside);
    }
    return { outcome: 'restored', mode: choice.mode, why: choice.why, trash, newer, left };
  } finally {
    for (const area of areas) drop(area);
  }
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
