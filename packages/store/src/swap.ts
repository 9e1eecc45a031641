import { chmodSync, lstatSync, mkdirSync, renameSync } from 'node:fs';
import { discard } from './discard.ts';
import { parentOf, toBytes, toText } from './names.ts';
import { wallsOf } from './walls.ts';

/**
 * Renames a file or a tree. A folder that may not be written cannot get another parent, since its `..` changes: it is opened for
 * that moment. What is mounted in a tree would go with it, so such a tree stays.
 * @throws Error from the file system; with the code EBUSY for a tree that something is mounted in
 */
export function renameTree(from: string, to: string): void {
  const { isMount, below } = wallsOf(from);
  if (isMount || below.length > 0) {
    const where = toText(isMount ? from : `${from}/${below[0]}`);
    throw Object.assign(new Error(`EBUSY: something is mounted at ${where}`), { code: 'EBUSY' });
  }
  try {
    return renameSync(toBytes(from), toBytes(to));
  } catch (error) {
    const stats = lstatSync(toBytes(from), { throwIfNoEntry: false });
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' || stats?.isDirectory() !== true || (stats.mode & 0o200) !== 0) throw error;
    chmodSync(toBytes(from), (stats.mode & 0o7777) | 0o200);
    try {
      renameSync(toBytes(from), toBytes(to));
    } catch (again) {
      chmodSync(toBytes(from), stats.mode & 0o7777);
      throw again;
    }
    chmodSync(toBytes(to), stats.mode & 0o7777);
  }
}

/** Something that is ready on the target's file system, and where it goes. */
export interface Move {
  /** Nothing: what is in the target only goes away. */
  staged?: string;
  target: string;
  /** Where what was in the target goes. */
  old: string;
}

/**
 * Puts all in place by renames, or nothing: where one fails, what was there comes back.
 * @throws Error from the file system of the targets, which are as they were then
 */
export function swapIn(moves: readonly Move[]): void {
  const done: Move[] = [];
  try {
    for (const move of moves) {
      swap(move);
      done.push(move);
    }
  } catch (error) {
    for (const { staged, target, old } of done.reverse()) {
      if (staged !== undefined) renameTree(target, staged);
      if (exists(old)) renameTree(old, target);
    }
    throw error;
  }
}

function swap({ staged, target, old }: Move): void {
  mkdirSync(toBytes(parentOf(target)), { recursive: true });
  const hadOne = exists(target);
  if (hadOne) renameTree(target, old);
  if (staged === undefined) return;
  try {
    renameTree(staged, target);
  } catch (error) {
    if (hadOne) renameTree(old, target);
    throw error;
  }
}

export function exists(path: string): boolean {
  return lstatSync(toBytes(path), { throwIfNoEntry: false }) !== undefined;
}

export function drop(path: string): void {
  discard(toBytes(path));
}
