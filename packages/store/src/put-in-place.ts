import { randomUUID } from 'node:crypto';
import { mkdirSync, rmdirSync } from 'node:fs';
import { ownerName, ownerOf } from '@runner-actions/host';
import { exchangeMoves } from './exchange.ts';
import { at, inside } from './held.ts';
import { below, toBytes } from './names.ts';
import { besideName, type Pair } from './probe.ts';
import { makeStaging } from './staging.ts';
import { drop, type Move, swapIn } from './swap.ts';
import type { Task } from './task.ts';

/** A folder on the target's file system to make things in: in the store where a rename reaches, else beside the target or in it. */
export function areaFor({ staging, ways }: Task, pairs: readonly Pair[], index: number): string {
  const inStore = staging !== undefined && pairs[index]?.rename === true;
  const folder = inStore
    ? below(staging, `area-${index}-${randomUUID()}`)
    : below(ways[index]?.beside ?? '', `${besideName}${ownerName(ownerOf(process.pid))}_${randomUUID()}`);
  mkdirSync(toBytes(folder), { mode: 0o700 });
  return folder;
}

/**
 * Puts in place what is staged for the targets whose content is replaced: all of it or nothing. What was in them goes to the job's
 * trash, or where no rename leads there, away at once.
 * @returns the folder of the trash, where there is something in it
 */
export function putInPlace(
  task: Task,
  pairs: readonly Pair[],
  stagedOf: (index: number) => string,
): string[] {
  const { store, targets, ways, options } = task;
  const trash = store.readOnly ? undefined : makeStaging(store, options.job);
  const trashWay = trash === undefined ? '' : inside(store, trash);
  const areas: string[] = [];
  let count = 0;
  const moves = targets.flatMap((target, index): Move[] => {
    const { kind } = ways[index] ?? {};
    if (kind !== 'swap' && kind !== 'exchange') return [];
    const inTrash = trash !== undefined && pairs[index]?.rename === true;
    const folder = inTrash ? trashWay : areaFor(task, pairs, index);
    if (!inTrash) areas.push(folder);
    const old = (): string => below(folder, `old-${count++}`);
    const staged = stagedOf(index);
    return kind === 'swap' ? [{ staged, target, old: old() }] : exchangeMoves(staged, target, old);
  });
  try {
    swapIn(moves);
  } finally {
    for (const area of areas) drop(area);
  }
  if (trash === undefined) return [];
  try {
    rmdirSync(at(store, trash));
    return [];
  } catch {
    return [trash];
  }
}
