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
/** @throws StoreUnusable if the store is read-only */
export function requireWritable({ root, readOnly }: Store): void {
  if (readOnly) throw new StoreUnusable(`The store ${root} is read-only`);
}

/**
 * Bytes of disk space kept for the files that an eviction writes, mainly locks. Without them, a full disk could not be
 * emptied.
 */
const reserve = 1 << 16;

/** Creates the reserve file if it does not exist. On a disk that is already full, there is no reserve. */
export function createReserve({ root }: Store): void {
  const path = join(root, 'reserve');
  if (existsSync(path)) return;
  try {
    // Random bytes, so that no file system compresses them.
    writeFileSync(path, randomBytes(reserve), { flag: 'wx', mode: 0o660 });
  } catch {
    // The file exists already, or the disk had room for a part of it.
  }
}

/** Deletes the reserve file, so that the eviction that starts now has room on the disk. */
export function deleteReserve({ root }: Store): void {
  try {
    rmSync(join(root, 'reserve'), { force: true });
  } catch {
    // The path is a folder: somebody replaced the file.
  }
}

/**
 * Creates a folder of the store and its parent folders.
 * @throws StoreUnusable if one of them is a file or a symlink, which would lead out of the store
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

/**
 * Returns whether a folder of the store and all its parents below the root are real folders. Anybody who can write the
 * store could replace one with a symlink.
 */
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

/**
 * Sets the group of a folder that this user created to the store's group. Opens the folder first, because another user
 * may have replaced its path.
 */
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
 * Sets the group of a file, folder or symlink that this user created in a private folder to the store's group, so that
 * the group's users get access to it.
 * @param mode of a file or folder; omit it for a symlink
 * @throws Error from the file system: with code EPERM if another user created the file
 */
export function setGroup({ group }: Store, path: string | Buffer, mode?: number): void {
  if (group === undefined) return;
  // A file that was moved into the store still has its old group.
  lchownSync(path, process.geteuid?.() ?? -1, group);
  if (mode !== undefined) chmodSync(path, mode);
}

/**
 * Creates a folder that only this user can change. Files in it get this user's group, because they are moved to a
 * workspace later.
 */
export function makePrivateFolder(store: Store, folder: string): void {
  withSafePaths(() => {
    const here = safePath(store, folder);
    mkdirSync(here, { mode: 0o700 });
    // The parent folder is setgid: it gave this folder the store's group, and would give it to all files in it.
    setFolderGroup(
      { ...store, group: store.group === undefined ? undefined : process.getegid?.() },
      here,
      0o700,
    );
  });
}
