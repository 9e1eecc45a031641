import { type Store } from './store.ts';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fchmodSync,
  fchownSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, relative, sep } from 'node:path';
import { safePath, withSafePaths, openFolder } from './safe-paths.ts';
import { StoreUnusable } from './store-errors.ts';

export const format = 'v3';
/** @throws StoreUnusable where nothing can be saved */
export function requireWritable({ root, readOnly }: Store): void {
  if (readOnly) throw new StoreUnusable(`The store ${root} may only be read`);
}

/** Room on the disk for what an eviction itself writes, its locks above all: else a full disk could not be emptied. */
const reserve = 1 << 16;

/** Takes the reserve, where nobody has. On a disk that is full by now there is none. */
export function createReserve({ root }: Store): void {
  const path = join(root, 'reserve');
  if (existsSync(path)) return;
  try {
    // No file system makes this smaller.
    writeFileSync(path, randomBytes(reserve), { flag: 'wx', mode: 0o660 });
  } catch {
    // It is there, in full or in part.
  }
}

/** Gives the room back to the disk, for whoever evicts now. */
export function deleteReserve({ root }: Store): void {
  try {
    rmSync(join(root, 'reserve'), { force: true });
  } catch {
    // Somebody made a folder of it.
  }
}

/**
 * Makes a folder of the store, and those above it.
 * @throws StoreUnusable where one of them is none: a link would lead out of the store
 */
export function makeFolder(store: Store, folder: string): void {
  for (const path of foldersTo(store, folder)) {
    const here = safePath(store, path);
    try {
      mkdirSync(here, { mode: 0o700 });
      setFolderGroup(store, here, 0o2770);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (!isFolder(here))
        throw new StoreUnusable(`${path}, a folder of the store, is a link or a file. Remove it.`);
    }
  }
}

/** Whether a folder of the store is one, and all above it: whoever may write the store could lead elsewhere by a link. */
export function isRealFolder(store: Store, folder: string): boolean {
  return foldersTo(store, folder).every(isFolder);
}

function foldersTo({ root }: Store, folder: string): string[] {
  const parts = relative(root, folder).split(sep);
  return parts.map((_part, index) => join(root, ...parts.slice(0, index + 1)));
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Gives a folder that this user made to the store's group. Its path may be another's by now, so it is opened. */
export function setFolderGroup({ group }: Store, path: string, mode: number): void {
  if (group === undefined) return;
  const file = openFolder(path);
  try {
    fchownSync(file, process.geteuid?.() ?? -1, group);
    fchmodSync(file, mode);
  } finally {
    closeSync(file);
  }
}

/**
 * Gives what this user made in a folder of its own to the store's group, so that its other users may read it, or more.
 * @param mode of a file or folder; without it, a link
 * @throws Error from the file system: with the code EPERM for what another user made
 */
export function setGroup({ group }: Store, path: string | Buffer, mode?: number): void {
  if (group === undefined) return;
  // What was moved into the store has the group that it had.
  lchownSync(path, process.geteuid?.() ?? -1, group);
  if (mode !== undefined) chmodSync(path, mode);
}

/**
 * Makes a folder of this user's own, where no other can change anything. What is made in it has this user's group: it goes to a
 * workspace from there.
 */
export function makePrivateFolder(store: Store, folder: string): void {
  withSafePaths(() => {
    const here = safePath(store, folder);
    mkdirSync(here, { mode: 0o700 });
    // The folder around it gave it the store's group, for all that is made in it as well.
    setFolderGroup(
      { ...store, group: store.group === undefined ? undefined : process.getegid?.() },
      here,
      0o700,
    );
  });
}
