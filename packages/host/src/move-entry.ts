import { lstatSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { makeWritable, refusal, whereIs } from './directory-handle.ts';
import { closeFolder, entryOf, type Folder, openInside } from './folder.ts';
import { holdsMount } from './holds-mount.ts';

/**
 * Renames an entry of one folder into another, as `as`. A folder is not renamed when something is mounted in it, which would come
 * along; what is mounted at the very moment is seen afterwards, and the folder put back.
 * @throws Error as `rename` does; with the code MOUNT when something is mounted in it
 */
export function moveEntry(from: Folder, name: Buffer, into: Folder, as = name): void {
  if (!lstatSync(entryOf(from, name)).isDirectory()) return rename(from, name, into, as);
  if (holdsMount(realPath(from, name))) throw refusal('MOUNT');
  renameDirectory(from, name, into, as);
  if (!holdsMount(realPath(into, as))) return;
  rename(into, as, from, name);
  throw refusal('MOUNT');
}

function realPath({ path, anchor }: Folder, name: Buffer): string {
  return join(anchor === undefined ? path : whereIs(anchor), name.toString());
}

function rename(from: Folder, name: Buffer, into: Folder, as: Buffer): void {
  renameSync(entryOf(from, name), entryOf(into, as));
}

/** A directory that gets another parent must be writable itself: its `..` changes. */
function renameDirectory(from: Folder, name: Buffer, into: Folder, as: Buffer): void {
  try {
    return rename(from, name, into, as);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
  }
  const directory = openInside(from, name);
  try {
    for (const { anchor } of [from, directory]) if (anchor !== undefined) makeWritable(anchor);
  } finally {
    closeFolder(directory);
  }
  rename(from, name, into, as);
}
