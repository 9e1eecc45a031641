import { lstatSync, rmdirSync, unlinkSync } from 'node:fs';
import { relative } from 'node:path';
import { type Deadline, messageOf } from '@runner-actions/core';
import {
  closeFolder,
  emptyDirectory,
  encodeName,
  explainFileError,
  type Folder,
  isInside,
  moveEntry,
  nothingRemoved,
  openFolder,
  openInside,
  pathInFolder,
  type Removal,
} from '@runner-actions/host';
import { newTrash, openTrash } from '../trash.ts';

/** The entry `names` below a folder. */
export interface EntryPath {
  /** A folder of the runner. Links in its path belong to the machine's owner and are followed. */
  base: string;
  /** In the form of `decodeName`. No folder on this way may be a link or a mount. */
  names: readonly string[];
  /** Name of a folder that cannot be moved to the trash while it is emptied. Whoever finds it can remove the rest. */
  during?: string;
}

/** The owner of a folder, and of the runner's folders in it. */
export interface FolderOwner {
  folder: string;
  uid: number;
}

/** What the removal of an entry needs to know about its runner. */
export interface RemovalPlace {
  work: string;
  /** Absolute paths that the machine's policy protects. */
  protect: readonly string[];
  /**
   * Who must own the runner's folders; `undefined`: anyone. Root must not follow a folder that a job has replaced by a link
   * to one of somebody else.
   */
  owners?: readonly FolderOwner[] | undefined;
}

/**
 * Removes an entry. A folder in `_work` is moved to the trash first: it is whole or gone, also if this process is
 * killed, and what cannot be removed because another user owns it does not stay in its place. Other folders are
 * emptied in place. Nothing on another mount is entered.
 * @param identity the entry must still be this one, see `identityOf`
 */
export function removeEntry(
  { base, names, during }: EntryPath,
  identity: (path: Buffer) => string | undefined,
  { work, protect, owners }: RemovalPlace,
  deadline: Deadline,
): Removal {
  const opened: Folder[] = [];
  try {
    let parent = keep(opened, openOwned(base, owners));
    for (const name of names.slice(0, -1)) parent = keep(opened, openInside(parent, encodeName(name)));
    const name = encodeName(names.at(-1) ?? '');
    const changed = identity(pathInFolder(parent, name));
    if (changed !== undefined) return failed(parent, name, changed);
    const entry = lstatSync(pathInFolder(parent, name));
    if (!entry.isDirectory()) {
      unlinkSync(pathInFolder(parent, name));
      return { ...nothingRemoved(), files: 1, freedBytes: entry.nlink === 1 ? (entry.blocks ?? 0) * 512 : 0 };
    }
    const trash = keep(opened, openOwned(work, owners));
    return (
      removeThroughTrash(parent, name, trash, protect, deadline) ??
      removeInPlace(parent, during === undefined ? name : rename(parent, name, encodeName(during)), deadline)
    );
  } catch (error) {
    return failedAt([base, ...names].join('/'), error);
  } finally {
    opened.forEach(closeFolder);
  }
}

/**
 * Opens a folder of a runner. The owner is that of the open folder, which cannot be replaced afterwards.
 * @param owners see `RemovalPlace`
 * @throws Error as `openFolder` does; Error for another owner
 */
export function openOwned(path: string, owners: readonly FolderOwner[] | undefined): Folder {
  const folder = openFolder(path);
  const { uid } = lstatSync(pathInFolder(folder, '.'));
  const [wanted] = (owners ?? [])
    .filter((owner) => isInside(path, owner.folder))
    .sort((one, other) => other.folder.length - one.folder.length);
  if (owners === undefined || wanted?.uid === uid) return folder;
  closeFolder(folder);
  throw new Error(`${path} belongs to the user with the uid ${uid}, not to the runner's`);
}

const keep = (opened: Folder[], folder: Folder): Folder => {
  opened.push(folder);
  return folder;
};

/** @returns `undefined` if the folder cannot be moved to the trash */
function removeThroughTrash(
  parent: Folder,
  name: Buffer,
  work: Folder,
  protect: readonly string[],
  deadline: Deadline,
): Removal | undefined {
  if (!isInside(parent.path, work.path)) return undefined;
  const trash = openTrash(work, newTrash());
  try {
    const into = trash.folderFor(relative(work.path, parent.path).replaceAll('\\', '/'));
    try {
      moveEntry(parent, name, into);
    } finally {
      closeFolder(into);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MOUNT') throw error;
    trash.drain(protect, deadline);
    return undefined;
  }
  return trash.drain(protect, deadline).own;
}

function rename(parent: Folder, name: Buffer, as: Buffer): Buffer {
  if (!name.equals(as)) moveEntry(parent, name, parent, as);
  return as;
}

function removeInPlace(parent: Folder, name: Buffer, deadline: Deadline): Removal {
  const folder = openInside(parent, name);
  try {
    const removal = emptyDirectory(folder, { deadline, ownsProcess: true });
    if (removal.finished && removal.residue.length === 0) {
      rmdirSync(pathInFolder(parent, name));
      removal.directories += 1;
    }
    return removal;
  } finally {
    closeFolder(folder);
  }
}

const failed = (parent: Folder, name: Buffer, reason: string): Removal => ({
  ...nothingRemoved(),
  residue: [{ path: `${parent.path}/${name.toString()}`, reason }],
});

function failedAt(path: string, error: unknown): Removal {
  const { code } = error as NodeJS.ErrnoException;
  // Another clean-up, or the runner, has removed it.
  if (code === 'ENOENT') return nothingRemoved();
  return { ...nothingRemoved(), residue: [{ path, reason: explainFileError(code) ?? messageOf(error) }] };
}
