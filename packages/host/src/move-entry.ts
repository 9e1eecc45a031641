import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { currentPath, makeWritable, refusal } from './directory-handle.ts';
import { closeFolder, pathInFolder, type Folder, openInside } from './folder.ts';
import { holdsMount } from './holds-mount.ts';
import { mountsBelow } from './mounts.ts';

/** An entry that was not moved, and why. */
export interface NotMoved {
  name: Buffer;
  error: Error;
}

/**
 * Moves an entry of one folder into another and names it `as`. A folder with a mount point in it is not moved,
 * because the mount would move with it. If something is mounted during the move, the function finds it afterwards and
 * moves the folder back.
 * @throws Error as `rename` does; with the code MOUNT if something is mounted in the folder
 */
export function moveEntry(from: Folder, name: Buffer, into: Folder, as = name): void {
  const [refused] = move(from, [{ name, as }], into);
  if (refused !== undefined) throw refused.error;
}

/** Moves entries of one folder into another as `moveEntry` does, but reads the mounts only twice. */
export function moveEntries(from: Folder, names: readonly Buffer[], into: Folder): NotMoved[] {
  return move(
    from,
    names.map((name) => ({ name, as: name })),
    into,
  );
}

interface Move {
  name: Buffer;
  as: Buffer;
}

function move(from: Folder, moves: readonly Move[], into: Folder): NotMoved[] {
  const holdsMount = mountFinder(from);
  const refused: NotMoved[] = [];
  const attempt = (name: Buffer, act: () => void): boolean => {
    try {
      act();
      return true;
    } catch (error) {
      refused.push({ name, error: error as Error });
      return false;
    }
  };
  const moved = moves.filter(({ name, as }) =>
    attempt(name, () => {
      // The mounts come first: a call on a mount point may block forever.
      if (holdsMount(name)) throw refusal('MOUNT');
      renameWritable(from, name, into, as);
    }),
  );
  if (moved.length === 0) return refused;
  const cameAlong = mountFinder(into);
  for (const { name, as } of moved)
    attempt(name, () => {
      if (!cameAlong(as)) return;
      rename(into, as, from, name);
      throw refusal('MOUNT');
    });
  return refused;
}

/**
 * Returns a function that tells whether something is mounted at an entry of the folder or below it. Where mounts
 * cannot be read, it looks for entries on another device.
 */
export function mountFinder({ path: opened, handle }: Folder): (name: Buffer) => boolean {
  if (handle === undefined) return (name) => holdsMount(join(opened, name.toString()));
  const path = currentPath(handle);
  const start = path === '/' ? 1 : path.length + 1;
  const names = new Set(mountsBelow(path).map((point) => point.slice(start).split('/', 1)[0]));
  return (name) => names.has(name.toString());
}

function rename(from: Folder, name: Buffer, into: Folder, as: Buffer): void {
  renameSync(pathInFolder(from, name), pathInFolder(into, as));
}

/** Renames an entry. A directory that gets a new parent must itself be writable, because its `..` entry changes. */
function renameWritable(from: Folder, name: Buffer, into: Folder, as: Buffer): void {
  try {
    return rename(from, name, into, as);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
  }
  if (from.handle !== undefined) makeWritable(from.handle);
  const directory = attemptOpen(from, name);
  if (directory?.handle !== undefined) makeWritable(directory.handle);
  if (directory !== undefined) closeFolder(directory);
  rename(from, name, into, as);
}

/** Opens a directory; `undefined` for another kind of entry. */
function attemptOpen(from: Folder, name: Buffer): Folder | undefined {
  try {
    return openInside(from, name);
  } catch (error) {
    if (['LINK', 'FILE'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
