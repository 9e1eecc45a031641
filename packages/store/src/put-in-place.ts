import { randomUUID } from 'node:crypto';
import { mkdirSync, rmdirSync } from 'node:fs';
import { ownerName, ownerOf } from '@runner-actions/host';
import { exchangeMoves } from './exchange-moves.ts';
import { safePath, safeFolder } from './safe-paths.ts';
import { below, pathToBytes } from './byte-paths.ts';
import { draftPrefix, type Capabilities } from './probe.ts';
import { makeStaging } from './staging.ts';
import { removeTree, type Move, swapAll } from './swap.ts';
import type { RestoreTask } from './restore-task.ts';

/**
 * Creates a folder on the target's file system to stage files in: in the store if a rename works, otherwise next to the
 * target or in it.
 */
export function makeWorkFolder(
  { staging, placements }: RestoreTask,
  capabilities: readonly Capabilities[],
  index: number,
): string {
  const inStore = staging !== undefined && capabilities[index]?.rename === true;
  const folder = inStore
    ? below(staging, `area-${index}-${randomUUID()}`)
    : below(
        placements[index]?.stagingParent ?? '',
        `${draftPrefix}${ownerName(ownerOf(process.pid))}_${randomUUID()}`,
      );
  mkdirSync(pathToBytes(folder), { mode: 0o700 });
  return folder;
}

/**
 * Puts the staged trees at the targets whose contents are replaced: all of them or none. The old contents are moved to
 * the job's trash, or deleted at once if no rename works.
 * @returns the trash folder, if there is something in it
 */
export function putInPlace(
  task: RestoreTask,
  capabilities: readonly Capabilities[],
  stagedOf: (index: number) => string,
): string[] {
  const { store, targets, placements, options } = task;
  const trash = store.readOnly ? undefined : makeStaging(store, options.job);
  const trashPath = trash === undefined ? '' : safeFolder(store, trash);
  const workFolders: string[] = [];
  let count = 0;
  const moves = targets.flatMap((target, index): Move[] => {
    const { kind } = placements[index] ?? {};
    if (kind !== 'swap' && kind !== 'exchange') return [];
    const inTrash = trash !== undefined && capabilities[index]?.rename === true;
    const folder = inTrash ? trashPath : makeWorkFolder(task, capabilities, index);
    if (!inTrash) workFolders.push(folder);
    const old = (): string => below(folder, `old-${count++}`);
    const staged = stagedOf(index);
    return kind === 'swap' ? [{ staged, target, old: old() }] : exchangeMoves(staged, target, old);
  });
  try {
    swapAll(moves);
  } finally {
    for (const area of workFolders) removeTree(area);
  }
  if (trash === undefined) return [];
  try {
    rmdirSync(safePath(store, trash));
    return [];
  } catch {
    return [trash];
  }
}
