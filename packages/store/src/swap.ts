import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, renameSync, rmdirSync } from 'node:fs';
import { finishDirectories } from './tree-writer.ts';
import { discard } from './discard.ts';
import { readItem } from './inventory.ts';
import { below, parentOf, pathToBytes, pathToText } from './byte-paths.ts';
import { withWritable } from './writable-folders.ts';
import { mountsAt } from './mount-points.ts';

/**
 * Renames a file or a tree. A folder that may not be written cannot get another parent, because its `..` changes: it
 * gets write permission for that moment. A tree with a mount point in it is not renamed, because the mount would move
 * along.
 * @throws Error from the file system: with code EBUSY for a tree with a mount point
 */
export function renameTree(from: string, to: string): void {
  const { isMount, below: mounts } = mountsAt(from);
  if (isMount || mounts.length > 0) {
    const where = pathToText(isMount ? from : `${from}/${mounts[0]}`);
    throw Object.assign(new Error(`EBUSY: something is mounted at ${where}`), { code: 'EBUSY' });
  }
  try {
    return renameSync(pathToBytes(from), pathToBytes(to));
  } catch (error) {
    const stats = lstatSync(pathToBytes(from), { throwIfNoEntry: false });
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' || stats?.isDirectory() !== true || (stats.mode & 0o200) !== 0) throw error;
    chmodSync(pathToBytes(from), (stats.mode & 0o7777) | 0o200);
    try {
      renameSync(pathToBytes(from), pathToBytes(to));
    } catch (again) {
      chmodSync(pathToBytes(from), stats.mode & 0o7777);
      throw again;
    }
    chmodSync(pathToBytes(to), stats.mode & 0o7777);
  }
}

/**
 * Like `renameTree`, but also works for folders of an image layer, which overlayfs refuses to rename (EXDEV) while it
 * renames their files. Such a folder is created again, its contents are moved, then it is removed. If something cannot
 * be moved, all is moved back.
 * @throws Error from the file system
 */
export function moveTree(from: string, to: string): void {
  try {
    renameTree(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV' || !lstatSync(pathToBytes(from)).isDirectory())
      throw error;
    moveContent(from, to);
  }
}

function moveContent(from: string, to: string): void {
  const [folder, made] = [pathToBytes(from), pathToBytes(to)];
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

/** A staged item on the target's file system, and where it goes. */
export interface Move {
  /** `undefined`: the target is only removed. */
  staged?: string;
  target: string;
  /** Where the old contents of the target are moved. */
  old: string;
}

/**
 * Puts all staged items in place by renames, or none: if one rename fails, the old contents are moved back.
 * @throws Error from the file system of the targets, which are left as they were
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
  mkdirSync(pathToBytes(parentOf(target)), { recursive: true });
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
  return lstatSync(pathToBytes(path), { throwIfNoEntry: false }) !== undefined;
}

export function removeTree(path: string): void {
  discard(pathToBytes(path));
}
