import { closeSync, lstatSync, mkdirSync, openSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DirectoryHandle,
  closeDirectory,
  handleOf,
  openDirectory,
  refusal,
  entryPath,
  retryWritable,
} from './directory-handle.ts';
import { decodeName } from './file-names.ts';

/**
 * A folder that may contain untrusted entries. On Linux it is held open, so that operations stay in this folder even
 * if its path is renamed or replaced. On other systems it is only a path.
 */
export interface Folder {
  /** The path at the time of opening, without links. */
  path: string;
  handle: DirectoryHandle | undefined;
}

/**
 * Opens a folder that the machine's owner named. Follows links in its path.
 * @throws Error as `open` does
 */
export function openFolder(path: string): Folder {
  const real = realpathSync(path);
  return { path: real, handle: process.platform === 'linux' ? makeUsable(openDirectory(real)) : undefined };
}

/**
 * Returns the folder of a file descriptor, which another process opened and passed on.
 * @param path its path at the time of opening
 * @param fd `undefined` on systems other than Linux
 */
export function heldFolder(path: string, fd: number | undefined): Folder {
  return { path, handle: fd === undefined ? undefined : handleOf(fd) };
}

/**
 * Opens a subfolder of an open folder. The subfolder must be a real folder, on the same mount unless `mayBeMount`.
 * @throws Error as `open` does; with the code LINK for a link, FILE for an entry that is not a folder, MOUNT for a
 * mount point
 */
export function openInside(parent: Folder, name: string | Buffer, mayBeMount = false): Folder {
  const entry = pathInFolder(parent, name);
  const path = join(parent.path, name.toString());
  if (parent.handle !== undefined) {
    const directory = openRealDirectory(entry, mayBeMount ? undefined : parent.handle);
    return { path, handle: makeUsable(directory) };
  }
  const found = lstatSync(entry);
  if (!found.isDirectory()) throw refusal(found.isSymbolicLink() ? 'LINK' : 'FILE');
  if (!mayBeMount && found.dev !== lstatSync(parent.path).dev) throw refusal('MOUNT');
  return { path, handle: undefined };
}

function openRealDirectory(entry: Buffer, from: DirectoryHandle | undefined): DirectoryHandle {
  try {
    return openDirectory(entry, from);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTDIR') throw error;
    throw refusal(lstatSync(entry).isSymbolicLink() ? 'LINK' : 'FILE');
  }
}

/** Adds the permissions to read and search if this user owns the folder and lacks them. */
function makeUsable(handle: DirectoryHandle): DirectoryHandle {
  try {
    retryWritable(handle, () => {
      lstatSync(entryPath(handle, '.'));
      closeSync(openSync(entryPath(handle, ''), 'r'));
    });
    return handle;
  } catch (error) {
    closeDirectory(handle);
    throw error;
  }
}

/**
 * Opens a subfolder as `openInside` does, and creates it first if it does not exist.
 * @param mode permissions of a new folder
 */
export function createInside(parent: Folder, name: string | Buffer, mode: number): Folder {
  try {
    mkdirSync(pathInFolder(parent, name), { mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return openInside(parent, name);
}

export function closeFolder({ handle }: Folder): void {
  if (handle !== undefined) closeDirectory(handle);
}

/** Returns the path of an entry. Use it only for calls that do not follow a link at the end of a path. */
export function pathInFolder({ path, handle }: Folder, name: string | Buffer): Buffer {
  return handle === undefined
    ? Buffer.concat([Buffer.from(`${path}/`), Buffer.from(name)])
    : entryPath(handle, name);
}

export interface Entry {
  /** In the form of `decodeName`. */
  name: string;
  isDirectory: boolean;
}

export function listFolder(folder: Folder): Entry[] {
  const entries = readdirSync(pathInFolder(folder, '.'), { withFileTypes: true, encoding: 'buffer' });
  return entries.map((entry) => ({ name: decodeName(entry.name), isDirectory: entry.isDirectory() }));
}
