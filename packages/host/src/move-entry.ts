import { lstatSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { currentPath, makeWritable, refusal } from './directory-handle.ts';
import { closeFolder, pathInFolder, type Folder, openInside } from './folder.ts';
import { holdsMount } from './holds-mount.ts';

/**
 * Moves an entry of one folder into another and names it `as`. A folder with a mount point in it is not moved,
 * because the mount would move with it. If something is mounted during the move, the function finds it afterwards and
 * moves the folder back.
 * @throws Error as `rename` does; with the code MOUNT if something is mounted in the folder
 */
export function moveEntry(from: Folder, name: Buffer, into: Folder, as = name): void {
  if (!lstatSync(pathInFolder(from, name)).isDirectory()) return rename(from, name, into, as);
  if (holdsMount(realPath(from, name))) throw refusal('MOUNT');
  renameDirectory(from, name, into, as);
  if (!holdsMount(realPath(into, as))) return;
  rename(into, as, from, name);
  throw refusal('MOUNT');
}

function realPath({ path, handle }: Folder, name: Buffer): string {
  return join(handle === undefined ? path : currentPath(handle), name.toString());
}

function rename(from: Folder, name: Buffer, into: Folder, as: Buffer): void {
  renameSync(pathInFolder(from, name), pathInFolder(into, as));
}

/** Renames a directory. A directory that gets a new parent must itself be writable, because its `..` entry changes. */
function renameDirectory(from: Folder, name: Buffer, into: Folder, as: Buffer): void {
  try {
    return rename(from, name, into, as);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
  }
  const directory = openInside(from, name);
  try {
    for (const { handle } of [from, directory]) if (handle !== undefined) makeWritable(handle);
  } finally {
    closeFolder(directory);
  }
  rename(from, name, into, as);
}
