import { randomUUID } from 'node:crypto';
import { chownSync, lstatSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Deadline, messageOf } from '@runner-actions/core';
import {
  closeFolder,
  emptyDirectory,
  encodeName,
  entryOf,
  explainFileError,
  type Folder,
  isLeftOver,
  listFolder,
  makeInside,
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

/** Milliseconds after which what lies in the trash is a leftover, where it cannot be told whether its process has died. */
const patience = 3_600_000;

/** What a clean-up calls its folder in the trash: the process that it belongs to, and what makes it unique. */
const form = /^\d+_\d*_[\da-f-]*_\d*_[A-Za-z0-9.-]*_[\w-]+$/;

/**
 * `_work/.trash`, on the same file system as a rule. Each clean-up has a folder of its own in it, and in that a numbered one
 * for each move, where things lie at the paths below `_work` that they came from.
 */
export interface Trash {
  /**
   * A new folder for what comes from a folder, by its path below `_work`. To be closed.
   * @throws Error when `.trash` is a link, a stranger's, or cannot be written
   */
  folderFor(path: string): Folder;
  /**
   * Removes what lies in the trash, of this run and of earlier ones that were killed or ran out of budget. What a clean-up
   * that is at work has there is its own, and so is what has another form of name or another owner.
   * @param protect absolute paths that stay, wherever they were moved
   */
  drain(protect: readonly string[], deadline: Deadline): Drained;
}

interface Drained {
  own: Removal;
  earlier: Removal[];
}

/** The trash of a work folder. It is made when it is needed: another clean-up removes it whenever it is empty. */
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
      // What was made for the purpose is not what the job left.
      drained.own.directories = Math.max(0, drained.own.directories - made);
      return drained;
    },
  };
}

/** Between two calls another clean-up may have removed what the first one made: then it is made again. */
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
      return makeInside(parent, encodeName(part), 0o700);
    } finally {
      closeFolder(parent);
    }
  }, from);
}

function makeTrash(work: Folder): Folder {
  const trash = checkOwner(makeInside(work, '.trash', 0o700), work);
  const { uid, gid } = ownerOfFolder(work);
  // A job container's root leaves it to the machine's user, who could not use it else.
  if (process.geteuid?.() === 0 && uid !== 0 && ownerOfFolder(trash).uid === 0)
    chownSync(entryOf(trash, '.'), uid, gid);
  return trash;
}

/**
 * What is moved to a stranger's folder is the stranger's, and what lies there is nobody's leftover. Whoever owns `_work`
 * can do what he likes in it as it is.
 * @throws Error with the code EACCES for another owner; the folder is closed then
 */
function checkOwner(folder: Folder, work: Folder): Folder {
  const { uid } = ownerOfFolder(folder);
  if (process.geteuid === undefined || [process.geteuid(), ownerOfFolder(work).uid].includes(uid))
    return folder;
  closeFolder(folder);
  throw Object.assign(new Error(`it belongs to the user with the number ${uid}`), { code: 'EACCES' });
}

const ownerOfFolder = (folder: Folder): { uid: number; gid: number } => lstatSync(entryOf(folder, '.'));

function drain(work: Folder, own: string, protect: readonly string[], deadline: Deadline): Drained {
  const drained: Drained = { own: nothingRemoved(), earlier: [] };
  let trash: Folder;
  try {
    trash = checkOwner(openInside(work, '.trash'), work);
  } catch (error) {
    const earlier = failed(join(work.path, '.trash'), error);
    for (const { residue } of earlier)
      for (const left of residue)
        left.reason += '; it is neither used nor emptied: look what it is, and remove it';
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

const all = (): Verdict => 'remove';

function isAbandoned(trash: Folder, name: string): boolean {
  const path = entryOf(trash, name).toString();
  return form.test(name) && isLeftOver(path, readOwnerName(name), patience, Date.now());
}

/**
 * What stays of a folder of the trash.
 * @param paths protected, relative to `_work`
 */
function keepMoved(folder: string, paths: readonly string[]): NonNullable<RemoveOptions['keep']> {
  const inTrash = paths.flatMap((path) => {
    if (['', '.trash', `.trash/${folder}`].includes(path)) return [''];
    if (path.startsWith(`.trash/${folder}/`)) return [path.slice(`.trash/${folder}/`.length)];
    // Earlier versions laid out the whole workspace as `workspace`.
    return [['workspace', ...path.split('/').slice(2)].join('/')];
  });
  const keepHere = keepProtected(inTrash, all);
  const keepFrom = keepProtected(paths, all);
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
    return failed(join(trash.path, name), error);
  }
}

/** What is not there any more, another clean-up has removed. */
function failed(path: string, error: unknown): Removal[] {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return [];
  return [{ ...nothingRemoved(), residue: [{ path, reason: explainFileError(code) ?? messageOf(error) }] }];
}

function removeEmpty(parent: Folder, name: string): void {
  try {
    rmdirSync(entryOf(parent, name));
  } catch {
    // Not empty: residue, or another clean-up at this moment.
  }
}
