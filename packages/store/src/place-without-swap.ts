import { mkdirSync } from 'node:fs';
import { expectKind } from './copy-file.ts';
import { copyItems } from './copy.ts';
import { treePath } from './entry.ts';
import type { Inventory, Item } from './item.ts';
import { foldersFor, mergeInto } from './merge.ts';
import { chooseMode } from './mode.ts';
import { below, parentOf, pathToBytes } from './byte-paths.ts';
import { whyNotWritable, withWritable } from './writable-folders.ts';
import { copyOptions } from './place-copies.ts';
import type { Capabilities } from './probe.ts';
import { makeWorkFolder, putInPlace } from './put-in-place.ts';
import {
  type Restored,
  commonCapabilities,
  expectCurrent,
  probeTask,
  readInventories,
  type RestoreTask,
} from './restore-task.ts';
import { removeTree } from './swap.ts';
import { type MissingItems, findMissing } from './missing-items.ts';
import type { Placement } from './placement.ts';

/**
 * Restores by copies if a target cannot be replaced by one rename: its contents stay, or the target folder itself must
 * stay.
 */
export function placeWithoutSwap(task: RestoreTask): Restored {
  const { targets, placements, options } = task;
  const entryInventories = readInventories(task);
  const missing = entryInventories.map((items, index): MissingItems =>
    placements[index]?.kind === 'update'
      ? findMissing(targets[index] as string, items, {
          full: options.verify === 'full',
          overNewer: placements[index].overNewer === true,
        })
      : { items, newer: 0, left: [] },
  );
  const newer = missing.reduce((sum, one) => sum + one.newer, 0);
  const left = missing.flatMap((one) => one.left);
  if (missing.every(({ items }) => items.length === 0)) {
    const what = left.length === 0 ? 'everything' : 'everything except what was left out';
    return { outcome: 'restored', mode: 'copy', why: `${what} is there already`, trash: [], newer, left };
  }
  const stagingParents = placements.map((placement, index) =>
    stagingParentOf(placement, targets[index] as string, missing[index]),
  );
  // A target that lacks nothing needs no staging folder of its own.
  const anyStagingParent = stagingParents.find((stagingParent) => stagingParent !== undefined);
  const placed = placements.map((placement, index) => ({
    ...placement,
    stagingParent: stagingParents[index] ?? anyStagingParent ?? placement.stagingParent,
  }));
  const stay = placed.filter(({ kind }) => kind !== 'swap').map(({ stagingParent }) => stagingParent);
  const result = withWritable(stay, () =>
    stageAndPlace({ ...task, placements: placed }, entryInventories, missing),
  );
  return { ...result, newer, left };
}

/**
 * Returns the folder in which to stage files for a target. If the usual one may not be written, this is the parent
 * folder of the first missing item.
 */
function stagingParentOf(
  { kind, stagingParent }: Placement,
  target: string,
  missing: MissingItems | undefined,
): string | undefined {
  const [first] = missing?.items ?? [];
  if (first === undefined) return undefined;
  return kind !== 'update' || whyNotWritable(stagingParent) === undefined
    ? stagingParent
    : parentOf(below(target, first.path));
}

function stageAndPlace(
  task: RestoreTask,
  entryInventories: readonly Inventory[],
  missing: readonly MissingItems[],
): Restored {
  const { entry, targets, placements, options } = task;
  const capabilities = probeTask(task);
  const why = placements.find((placement) => placement.why !== '')?.why ?? '';
  const choice = chooseMode(options.mode, commonCapabilities(capabilities), {
    leases: false,
    whyNoSwap: why,
  });
  const workFolders = targets.map((_target, index) => makeWorkFolder(task, capabilities, index));
  try {
    for (const [index, { items }] of missing.entries()) {
      const [from, to] = [treePath(task.entryPath, index), stagedIn(workFolders, index)];
      const isUpdate = placements[index]?.kind === 'update';
      if (isUpdate) expectFolders(from, entryInventories[index] ?? []);
      copyItems(from, to, isUpdate ? filesOf(items, to) : items, copyOptions(task, choice, index));
    }
    expectCurrent(entry);
    const trash = placeAll(task, capabilities, workFolders, missing);
    return { outcome: 'restored', mode: choice.mode, why: choice.why, trash };
  } finally {
    for (const area of workFolders) removeTree(area);
  }
}

function stagedIn(workFolders: readonly string[], index: number): string {
  return below(workFolders[index] as string, `new-${index}`);
}

/**
 * Puts all staged trees in place. They are complete by now, and the targets were not touched before.
 * @returns the trash folders
 */
function placeAll(
  task: RestoreTask,
  capabilities: readonly Capabilities[],
  workFolders: readonly string[],
  missing: readonly MissingItems[],
): string[] {
  const { targets, placements } = task;
  const kindAt = (index: number): Placement['kind'] | undefined => placements[index]?.kind;
  const merges = [...missing.entries()].filter(([index]) =>
    ['merge', 'update'].includes(kindAt(index) ?? ''),
  );
  const folders = merges.flatMap(([index, { items }]) => foldersFor(targets[index] as string, items));
  return withWritable(folders, () => {
    const trash = putInPlace(task, capabilities, (index) => stagedIn(workFolders, index));
    for (const [index, { items }] of merges) {
      const aside = kindAt(index) === 'merge' ? below(workFolders[index] as string, 'old') : undefined;
      mergeInto(stagedIn(workFolders, index), targets[index] as string, items, aside);
    }
    return trash;
  });
}

/**
 * Checks the folders of a tree: a symlink in place of one would lead to files of the user who copies.
 * @throws TreeMismatch
 */
function expectFolders(from: string, items: readonly Item[]): void {
  for (const item of items) if (item.kind === 'directory') expectKind(below(from, item.path), item);
}

/** Returns the items that are not folders, and creates the folders to stage them in. */
function filesOf(items: readonly Item[], staged: string): Item[] {
  const files = items.filter(({ kind }) => kind !== 'directory');
  const parents = new Set(files.filter(({ path }) => path !== '').map(({ path }) => parentOf(path)));
  for (const parent of parents) mkdirSync(pathToBytes(below(staged, parent)), { recursive: true });
  return files;
}
