import { randomUUID } from 'node:crypto';
import { chownSync, lstatSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Deadline, messageOf } from '@runner-actions/core';
import {
  closeFolder,
  emptyDirectory,
  encodeName,
  pathInFolder,
  explainFileError,
  type Folder,
  isOrphanOf,
  listFolder,
  createInside,
  nothingRemoved,
  openInside,
  ownerName,
  ownerOf,
  readOwnerName,
  type Removal,
  type RemoveOptions,
} from '@runner-actions/host';
import { keepProtected, type Verdict } from './keep.ts';
import { protectedPaths } from './workspace.ts';

/**
 * Milliseconds after which a folder in the trash is an orphan, if it cannot be determined whether its process has
 * ended.
 */
const orphanAge = 3_600_000;

/** The form of the name of a clean-up's folder in the trash: the owner process and a unique part. */
const nameForm = /^\d+_\d*_[\da-f-]*_\d*_[A-Za-z0-9.-]*_[\w-]+$/;

/**
 * The trash `_work/.trash`, usually on the same file system as the workspace. Each clean-up has its own folder in it,
 * with one numbered subfolder per move. Moved entries keep their paths relative to `_work`.
 */
export interface Trash {
  /**
   * Creates a new folder for entries that are moved from a folder. The caller must close it.
   * @param path path of the original folder below `_work`
   * @throws Error if `.trash` is a link, belongs to an untrusted user, or cannot be written
   */
  folderFor(path: string): Folder;
  /**
   * Removes the folders of this run from the trash, and those of earlier runs that were killed or ran out of budget.
   * Skips folders of clean-ups that are still running, and entries with another form of name or another owner.
   * @param protect absolute paths that stay, also after they were moved
   */
  drain(protect: readonly string[], deadline: Deadline): Drained;
}

interface Drained {
  own: Removal;
  earlier: Removal[];
}

/**
 * Opens the trash of a work folder. It is created on demand, because another clean-up removes it whenever it is
 * empty.
 */
export function openTrash(work: Folder): Trash {
  const own = `${ownerName(ownerOf(process.pid))}_${randomUUID()}`;
  let [calls, made] = [0, 0];
  return {
    folderFor: (path) => {
      const parts = [String((calls += 1)), ...path.split('/')];
      made += parts.length;
      return makeFolder(work, [own, ...parts]);
    },
    drain: (protect, deadline) => {
      const drained = drain(work, own, protect, deadline);
      // Do not count the folders that this function created.
      drained.own.directories = Math.max(0, drained.own.directories - made);
      return drained;
    },
  };
}

/** Creates a folder in the trash. Tries again if another clean-up removes a part of the path between two calls. */
function makeFolder(work: Folder, parts: readonly string[]): Folder {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return descend(makeTrash(work), parts);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === 20) throw error;
    }
  }
}

function descend(from: Folder, parts: readonly string[]): Folder {
  return parts.reduce((parent, part) => {
    try {
      return createInside(parent, encodeName(part), 0o700);
    } finally {
      closeFolder(parent);
    }
  }, from);
}

function makeTrash(work: Folder): Folder {
  const trash = checkOwner(createInside(work, '.trash', 0o700), work);
  const { uid, gid } = ownerOfFolder(work);
  // Root of a job container gives the trash to the owner of `_work`, who could not use it otherwise.
  if (process.geteuid?.() === 0 && uid !== 0 && ownerOfFolder(trash).uid === 0)
    chownSync(pathInFolder(trash, '.'), uid, gid);
  return trash;
}

/**
 * Checks that this user or the owner of `_work` owns a folder. Another owner would control what is moved there, and
 * entries there are not leftovers of a clean-up. The owner of `_work` can change everything in it anyway.
 * @throws Error with the code EACCES for another owner; the folder is then closed
 */
function checkOwner(folder: Folder, work: Folder): Folder {
  const { uid } = ownerOfFolder(folder);
  if (process.geteuid === undefined || [process.geteuid(), ownerOfFolder(work).uid].includes(uid))
    return folder;
  closeFolder(folder);
  throw Object.assign(new Error(`it belongs to the user with the uid ${uid}`), { code: 'EACCES' });
}

const ownerOfFolder = (folder: Folder): { uid: number; gid: number } => lstatSync(pathInFolder(folder, '.'));

function drain(work: Folder, own: string, protect: readonly string[], deadline: Deadline): Drained {
  const drained: Drained = { own: nothingRemoved(), earlier: [] };
  let trash: Folder;
  try {
    trash = checkOwner(openInside(work, '.trash'), work);
  } catch (error) {
    const earlier = failedRemoval(join(work.path, '.trash'), error);
    for (const { residue } of earlier)
      for (const left of residue)
        left.reason += '; it is neither used nor emptied: check what it is, and remove it';
    return { ...drained, earlier };
  }
  const paths = protectedPaths(protect, work.path);
  for (const { name, isDirectory } of listFolder(trash)) {
    const isOwn = name === own;
    if (!isDirectory || !(isOwn || isAbandoned(trash, name))) continue;
    const removal = drainFolder(trash, name, work, { deadline, keep: keepMoved(name, paths) });
    if (isOwn) drained.own = removal[0] ?? drained.own;
    else drained.earlier.push(...removal);
  }
  closeFolder(trash);
  removeEmpty(work, '.trash');
  return drained;
}

const removeAll = (): Verdict => 'remove';

function isAbandoned(trash: Folder, name: string): boolean {
  const path = pathInFolder(trash, name).toString();
  return nameForm.test(name) && isOrphanOf(path, readOwnerName(name), orphanAge, Date.now());
}

/**
 * Returns the function that decides which entries of a folder in the trash stay.
 * @param paths protected paths, relative to `_work`
 */
function keepMoved(folder: string, paths: readonly string[]): NonNullable<RemoveOptions['keep']> {
  const inTrash = paths.flatMap((path) => {
    if (['', '.trash', `.trash/${folder}`].includes(path)) return [''];
    if (path.startsWith(`.trash/${folder}/`)) return [path.slice(`.trash/${folder}/`.length)];
    // Earlier versions moved the whole workspace to a folder named `workspace`.
    return [['workspace', ...path.split('/').slice(2)].join('/')];
  });
  const keepHere = keepProtected(inTrash, removeAll);
  const keepFrom = keepProtected(paths, removeAll);
  return (path, isDirectory) => {
    const verdict = keepHere(path, isDirectory);
    return verdict === 'remove' ? keepFrom(path.slice(path.indexOf('/') + 1), isDirectory) : verdict;
  };
}

function drainFolder(trash: Folder, name: string, work: Folder, options: RemoveOptions): Removal[] {
  try {
    const folder = checkOwner(openInside(trash, name), work);
    try {
      return [emptyDirectory(folder, options)];
    } finally {
      closeFolder(folder);
      removeEmpty(trash, name);
    }
  } catch (error) {
    return failedRemoval(join(trash.path, name), error);
  }
}

/** Returns a removal with the error as residue. Ignores ENOENT: another clean-up has removed the path. */
function failedRemoval(path: string, error: unknown): Removal[] {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return [];
  return [{ ...nothingRemoved(), residue: [{ path, reason: explainFileError(code) ?? messageOf(error) }] }];
}

function removeEmpty(parent: Folder, name: string): void {
  try {
    rmdirSync(pathInFolder(parent, name));
  } catch {
    // The folder is not empty: it contains residue, or another clean-up is using it.
  }
}
