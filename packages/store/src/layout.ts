import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { StoreUnusable } from './unusable.ts';

/**
 * A store that was opened: its folder is there, and this user may write it. Below the root:
 * `v3/REPOSITORY/SCOPE/VERSION/KEY/` an entry each (names are digests), and `keys` beside the entries of a version;
 * `leases/` what jobs hold; `staging/` what is being made or thrown away; `quarantine/` entries that were not whole; `locks/`.
 * The format is in the name of the first folder: another version has another one, and neither touches the other.
 */
export interface Store {
  root: string;
  /** Of the folders that are made here: 0700, or 2770 where the root is shared by a group. */
  mode: number;
  /** It is mounted read-only, or another user's: it serves, and takes nothing. */
  readOnly: boolean;
  /** It goes when the step ends, and nobody else knows of it: its trees may be links to what was saved. */
  temporary?: boolean;
}

/** Whether other users write it as well: then all that is in it is a stranger's word. */
export function isShared({ mode }: Store): boolean {
  return mode !== ownMode;
}

/** Of folders that only their user may look into. */
export const ownMode = 0o700;

export const format = 'v3';
/** @throws StoreUnusable where nothing can be saved */
export function requireWritable({ root, readOnly }: Store): void {
  if (readOnly) throw new StoreUnusable(`The store ${root} may only be read`);
}

/** Room on the disk for what an eviction itself writes, its locks above all: else a full disk could not be emptied. */
const reserve = 1 << 16;

/** Takes the reserve, where nobody has. On a disk that is full by now there is none. */
export function takeReserve({ root }: Store): void {
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
export function releaseReserve({ root }: Store): void {
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
    try {
      mkdirSync(path, { mode: store.mode });
      // The process's umask took the group's share away.
      openToGroup(store, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (!isFolder(path))
        throw new StoreUnusable(`${path}, a folder of the store, is a link or a file. Remove it.`);
    }
  }
}

/** Whether a folder of the store is one, and all above it: whoever may write the store could lead elsewhere by a link. */
export function isFolderOf(store: Store, folder: string): boolean {
  return foldersTo(store, folder).every(isFolder);
}

function foldersTo({ root }: Store, folder: string): string[] {
  const parts = relative(root, folder).split(sep);
  return parts.map((_part, index) => join(root, ...parts.slice(0, index + 1)));
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Gives a folder the mode that those of the store have. */
export function openToGroup(store: Store, folder: string): void {
  if (isShared(store)) chmodSync(folder, store.mode);
}
