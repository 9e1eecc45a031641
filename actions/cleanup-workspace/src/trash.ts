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
  type Residue,
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
   * @param path path of the original folder below `_work`; '' is `_work` itself
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
  /** Why `.trash` is neither used nor emptied. */
  unusable?: Residue;
}

/** The part of the trash that belongs to one clean-up. Its helper process goes on with it. */
export interface OwnTrash {
  /** Name of its folder in the trash. */
  name: string;
  /** Number of moves so far. */
  moves: number;
  /** Number of folders created so far. */
  folders: number;
}

/** @param cleaner the process of the clean-up */
export const newTrash = (cleaner = process.pid): OwnTrash => ({
  name: `${ownerName(ownerOf(cleaner))}_${randomUUID()}`,
  moves: 0,
  folders: 0,
});

/**
 * Opens the trash of a work folder. It is created on demand, because another clean-up removes it whenever it is
 * empty.
 * @param own the function counts moves and folders there
 */
export function openTrash(work: Folder, own: OwnTrash): Trash {
  return {
    folderFor: (path) => {
      const names = path.split('/').filter((name) => name !== '');
      const parts = [String((own.moves += 1)), ...names];
      own.folders += parts.length;
      return makeFolder(work, [own.name, ...parts]);
    },
    drain: (protect, deadline) => {
      const drained = drain(work, own.name, protect, deadline);
      // Do not count the folders that this function created.
      drained.own.directories = Math.max(0, drained.own.directories - own.folders);
      return drained;
    },
  };
}

/** Creates a folder in the trash. Tries again if another clean-up removes a part of the path between two calls. */
function makeFolder(work: Folder, parts: readonly string[]): Folder {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return descend(makeTrash(work), parts, work);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === 20) throw error;
    }
  }
}

function descend(from: Folder, parts: readonly string[], work: Folder): Folder {
  return parts.reduce((parent, part) => {
    try {
      return giveToOwner(createInside(parent, encodeName(part), 0o700), work);
    } finally {
      closeFolder(parent);
    }
  }, from);
}

/**
 * Root, such as that of a job container, gives what it creates to the owner of `_work`, who could neither use nor remove
 * it otherwise.
 */
function giveToOwner(folder: Folder, work: Folder): Folder {
  const { uid, gid } = ownerOfFolder(work);
  const isOurs = process.geteuid?.() === 0 && uid !== 0 && ownerOfFolder(folder).uid === 0;
  // A job may have moved a folder of root here, with content that only root may see.
  if (isOurs && listFolder(folder).length === 0) chownSync(pathInFolder(folder, '.'), uid, gid);
  return folder;
}

function makeTrash(work: Folder): Folder {
  return giveToOwner(checkOwner(createInside(work, '.trash', 0o700), work), work);
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

/** Opens the trash, or a folder in it. @throws Error as `openInside` and `checkOwner` do */
export const openOwned = (parent: Folder, name: string, work: Folder): Folder =>
  checkOwner(openInside(parent, name), work);

const ownerOfFolder = (folder: Folder): { uid: number; gid: number } => lstatSync(pathInFolder(folder, '.'));

function drain(work: Folder, own: string, protect: readonly string[], deadline: Deadline): Drained {
  const drained: Drained = { own: nothingRemoved(), earlier: [] };
  let trash: Folder;
  try {
    trash = openOwned(work, '.trash', work);
  } catch (error) {
    const [failed] = failedRemoval(join(work.path, '.trash'), error);
    const [unusable] = failed?.residue ?? [];
    return unusable === undefined ? drained : { ...drained, unusable };
  }
  const paths = protectedPaths(protect, work.path);
  for (const { name, isDirectory } of listFolder(trash)) {
    const isOwn = name === own;
    if (!isDirectory || !(isOwn || isAbandoned(trash, name))) continue;
    const removal = drainFolder(trash, name, work, {
      deadline,
      ownsProcess: true,
      // What earlier clean-ups could not remove stays locked, most likely.
      waits: isOwn,
      keep: keepMoved(name, paths),
    });
    if (isOwn) drained.own = removal[0] ?? drained.own;
    else drained.earlier.push(...removal);
  }
  closeFolder(trash);
  removeEmpty(work, '.trash');
  return drained;
}

/** Says why the trash is neither used nor emptied. */
export const warnOfTrash = ({ path, reason }: Residue): string =>
  `The trash is neither used nor emptied: ${path} (${reason}). Check what it is, and remove it.`;

const removeAll = (): Verdict => 'remove';

/** Returns whether a folder in the trash is that of a clean-up that has ended. */
export function isAbandoned(trash: Folder, name: string): boolean {
  const path = pathInFolder(trash, name).toString();
  return nameForm.test(name) && isOrphanOf(path, readOwnerName(name), orphanAge, Date.now());
}

/**
 * Returns the function that decides which entries of a folder in the trash stay; `undefined` if all may go.
 * @param paths protected paths, relative to `_work`
 */
export function keepMoved(folder: string, paths: readonly string[]): RemoveOptions['keep'] {
  if (paths.length === 0) return undefined;
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
    if (verdict !== 'remove') return verdict;
    const slash = path.indexOf('/');
    // The top of the folder has one numbered folder for each move. The path below it begins in `_work`.
    if (slash < 0) return isDirectory ? 'look inside' : 'remove';
    return keepFrom(path.slice(slash + 1), isDirectory);
  };
}

function drainFolder(trash: Folder, name: string, work: Folder, options: RemoveOptions): Removal[] {
  try {
    const folder = openOwned(trash, name, work);
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
