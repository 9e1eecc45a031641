import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { isContent } from './copy.ts';
import { type Item, kindOf } from './inventory.ts';
import { below, toBytes, toText } from './names.ts';
import { isSameTime } from './times.ts';
import { wallsOf } from './walls.ts';

/** What a target lacks of a tree. */
export interface Lacking {
  /** Each folder before what is in it. */
  items: Item[];
  /** How many files are newer there, and stay. */
  newer: number;
}

/**
 * Looks what a target lacks of a tree: what is missing there, or differs in size or time and is not newer. Whoever wrote to it
 * since knows better.
 * @param full whether the content of what looks the same is compared as well
 * @throws Error where something of another kind stands in the way, or something is mounted
 */
export function lookForLacking(target: string, items: readonly Item[], full: boolean): Lacking {
  const walls = wallsOf(target).below;
  const lacking: Lacking = { items: [], newer: 0 };
  for (const item of items) {
    const path = below(target, item.path);
    expectNoWall(walls, item.path, path);
    const stats = lstatSync(toBytes(path), { throwIfNoEntry: false });
    const state = stats === undefined ? 'missing' : compare(path, item, stats, full);
    if (state === 'newer') lacking.newer += 1;
    if (state === 'missing' || state === 'older') lacking.items.push(item);
  }
  return lacking;
}

/** @throws Error for what would be put on or below a mount */
export function expectNoWall(walls: readonly string[], item: string, path: string): void {
  if (walls.some((wall) => item === wall || item.startsWith(`${wall}/`)))
    throw new Error(`something is mounted at ${toText(path)}, where the entry has files`);
}

function compare(path: string, item: Item, stats: Stats, full: boolean): 'same' | 'newer' | 'older' {
  const kind = kindOf(stats);
  if (kind !== item.kind && (kind === 'directory' || item.kind === 'directory' || kind === undefined))
    throw new Error(
      `${toText(path)} is ${kind === 'link' ? 'a link' : kind === 'directory' ? 'a folder' : 'no folder'} there, which the entry does not have: it is left alone`,
    );
  if (item.kind === 'directory' || isSame(path, item, stats, full)) return 'same';
  return stats.mtimeMs > item.modified && !isSameTime(stats.mtimeMs, item.modified) ? 'newer' : 'older';
}

function isSame(path: string, item: Item, stats: Stats, full: boolean): boolean {
  if (kindOf(stats) !== item.kind) return false;
  if (item.kind === 'link')
    return readlinkSync(toBytes(path), { encoding: 'buffer' }).equals(toBytes(item.link ?? ''));
  if (stats.size !== item.size || !isSameTime(stats.mtimeMs, item.modified)) return false;
  return !full || isContent(path, item);
}
