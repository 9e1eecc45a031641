import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, renameSync, rmdirSync } from 'node:fs';
import { finishDirectories } from './tree-writer.ts';
import { discard } from './discard.ts';
import { readItem } from './inventory.ts';
import { below, parentOf, toBytes, toText } from './byte-paths.ts';
import { withWritable } from './writable-folders.ts';
import { mountsAt } from './mount-points.ts';

/**
 * Renames a file or a tree. A folder that may not be written cannot get another parent, since its `..` changes: it is opened for
 * that moment. What is mounted in a tree would go with it, so such a tree stays.
 * @throws Error from the file system; with the code EBUSY for a tree that something is mounted in
 */
export function renameTree(from: string, to: string): void {
  const { isMount, below: mounts } = mountsAt(from);
  if (isMount || mounts.length > 0) {
    const where = toText(isMount ? from : `${from}/${mounts[0]}`);
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

/**
 * As `renameTree`. Overlayfs renames no folder that a layer of an image has (EXDEV), but each file: such a folder is made anew, what is
 * in it moves, and then it is removed. All or nothing: where something does not move, what did comes back.
 * @throws Error from the file system
 */
export function moveTree(from: string, to: string): void {
  try {
    renameTree(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV' || !lstatSync(toBytes(from)).isDirectory())
      throw error;
    moveContent(from, to);
  }
}

function moveContent(from: string, to: string): void {
  const [folder, made] = [toBytes(from), toBytes(to)];
  const item = readItem(from, '');
  const { uid, gid } = lstatSync(folder);
  mkdirSync(made, { mode: 0o700 });
  const moved: string[] = [];
  try {
    withWritable([from], () => {
      for (const name of readdirSync(folder, { encoding: 'latin1' })) {
        moveTree(below(from, name), below(to, name));
        moved.push(name);
      }
    });
    if (process.geteuid?.() === 0) chownSync(made, uid, gid);
    finishDirectories(to, [item]);
    rmdirSync(folder);
  } catch (error) {
    withWritable([from, to], () => {
      for (const name of moved.reverse()) moveTree(below(to, name), below(from, name));
    });
    rmdirSync(made);
    throw error;
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
export function swapAll(moves: readonly Move[]): void {
  const done: Move[] = [];
  try {
    for (const move of moves) {
      swap(move);
      done.push(move);
    }
  } catch (error) {
    for (const { staged, target, old } of done.reverse()) {
      if (staged !== undefined) moveTree(target, staged);
      if (exists(old)) moveTree(old, target);
    }
    throw error;
  }
}

function swap({ staged, target, old }: Move): void {
  mkdirSync(toBytes(parentOf(target)), { recursive: true });
  const hadOne = exists(target);
  if (hadOne) moveTree(target, old);
  if (staged === undefined) return;
  try {
    moveTree(staged, target);
  } catch (error) {
    if (hadOne) moveTree(old, target);
    throw error;
  }
}

export function exists(path: string): boolean {
  return lstatSync(toBytes(path), { throwIfNoEntry: false }) !== undefined;
}

export function removeTree(path: string): void {
  discard(toBytes(path));
}
