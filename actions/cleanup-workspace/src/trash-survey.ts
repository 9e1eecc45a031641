import { lstatSync, readdirSync } from 'node:fs';
import { type Deadline, messageOf } from '@runner-actions/core';
import {
  closeFolder,
  decodeName,
  explainFileError,
  type Folder,
  listFolder,
  mountsBelow,
  ownerName,
  ownerOf,
  pathInFolder,
} from '@runner-actions/host';
import { isAbandoned, keepMoved, openOwned, openTrash } from './trash.ts';
import { protectedPaths } from './workspace.ts';

/** The folder of one clean-up in the trash that still has content. */
export interface TrashFolder {
  name: string;
  /** Whether it is that of this clean-up. The others are of clean-ups that have ended. */
  own: boolean;
  /** Device and inode, as `stat -c %d:%i` prints them; '' if the folder cannot be opened. */
  identity: string;
  /** The names of its subfolders, which are numbers. */
  moves: string[];
  /** Number of folders in it that belong to another user. What is in these is not counted. */
  blocked: number;
  /** Why nobody may remove it, as the end of a sentence. */
  stays?: string;
}

export interface Survey {
  folders: TrashFolder[];
  freedBytes: number;
}

/** What the survey needs to know. */
export interface SurveyFacts {
  /** Absolute paths that the machine's policy protects. */
  protect: readonly string[];
  /** The uid of this user; `undefined` on Windows. */
  user: number | undefined;
  /** The process that cleans up. */
  cleaner: number;
}

/** Number of entries that are looked at in one folder. */
const mostEntries = 20_000;

/**
 * Looks at what clean-ups have left in the trash. Skips the folders of clean-ups that are running.
 * @param removes whether to remove first what this user can remove
 */
export function surveyTrash(work: Folder, facts: SurveyFacts, removes: boolean, deadline: Deadline): Survey {
  const start = `${ownerName(ownerOf(facts.cleaner))}_`;
  const survey = (): TrashFolder[] =>
    inTrash(work, (trash) => foldersIn(trash, start, work, facts, deadline));
  if (!removes) return { folders: survey(), freedBytes: 0 };
  const [name = ''] = inTrash(work, (trash) => namesIn(trash).filter((each) => each.startsWith(start)));
  const { own, earlier } = openTrash(work, { name, moves: 0, folders: 0 }).drain(facts.protect, deadline);
  const freedBytes = [own, ...earlier].reduce((sum, removal) => sum + removal.freedBytes, 0);
  return { folders: survey(), freedBytes };
}

/** @returns nothing if there is no trash, or the item `workspace` has warned of it */
function inTrash<T>(work: Folder, act: (trash: Folder) => T[]): T[] {
  let trash: Folder;
  try {
    trash = openOwned(work, '.trash', work);
  } catch {
    return [];
  }
  try {
    return act(trash);
  } finally {
    closeFolder(trash);
  }
}

const namesIn = (trash: Folder): string[] =>
  listFolder(trash).flatMap(({ name, isDirectory }) => (isDirectory ? [name] : []));

/** @param start how the name of this clean-up's folder starts */
function foldersIn(
  trash: Folder,
  start: string,
  work: Folder,
  facts: SurveyFacts,
  deadline: Deadline,
): TrashFolder[] {
  return namesIn(trash).flatMap((name) => {
    const own = name.startsWith(start);
    if (!own && !isAbandoned(trash, name)) return [];
    return look(trash, name, work, facts, deadline).map((found) => ({ name, own, ...found }));
  });
}

type Found = Omit<TrashFolder, 'name' | 'own'>;

/** @returns nothing if the folder is empty or has gone */
function look(trash: Folder, name: string, work: Folder, facts: SurveyFacts, deadline: Deadline): Found[] {
  let folder: Folder;
  try {
    folder = openOwned(trash, name, work);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    return [{ identity: '', moves: [], blocked: 1, stays: explainFileError(code) ?? messageOf(error) }];
  }
  try {
    const names = listFolder(folder).map((entry) => entry.name);
    if (names.length === 0) return [];
    const moves = names.filter((each) => /^\d{1,9}$/.test(each));
    const found = { identity: identityOfFolder(folder), moves };
    const stays = whyItStays(folder, name, protectedPaths(facts.protect, work.path));
    if (stays !== undefined) return [{ ...found, blocked: 1, stays }];
    return [{ ...found, blocked: countBlocked(folder, facts.user, deadline) }];
  } finally {
    closeFolder(folder);
  }
}

/** Returns device and inode, as `stat -c %d:%i` prints them. */
export function identityOfFolder(folder: Folder): string {
  const { dev, ino } = lstatSync(pathInFolder(folder, '.'), { bigint: true });
  return `${dev}:${ino}`;
}

/** @param paths protected paths, relative to `_work` */
function whyItStays(folder: Folder, name: string, paths: readonly string[]): string | undefined {
  if (mountsBelow(folder.path).length > 0) return 'another file system is mounted in it';
  const keep = keepMoved(name, paths);
  if (keep === undefined || !holdsKept(pathInFolder(folder, '.'), keep)) return undefined;
  return "the machine's policy protects something in it";
}

/** Returns whether something in a folder is kept. What this user cannot read may hold it. */
function holdsKept(path: Buffer, keep: NonNullable<ReturnType<typeof keepMoved>>, at = ''): boolean {
  try {
    return readdirSync(path, { withFileTypes: true, encoding: 'buffer' }).some((entry) => {
      const below = `${at}${decodeName(entry.name)}`;
      const verdict = keep(below, entry.isDirectory());
      if (verdict !== 'look inside') return verdict === 'keep';
      return entry.isDirectory() && holdsKept(join(path, entry.name), keep, `${below}/`);
    });
  } catch {
    return true;
  }
}

const join = (folder: Buffer, name: Buffer): Buffer => Buffer.concat([folder, Buffer.from('/'), name]);

/** Counts the topmost folders that belong to another user. Each other folder can be emptied by this user. */
function countBlocked(folder: Folder, user: number | undefined, deadline: Deadline): number {
  if (user === undefined) return 0;
  const waiting = [pathInFolder(folder, '.')];
  let blocked = 0;
  let seen = 0;
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    for (const entry of entriesOf(path)) {
      if ((seen += 1) > mostEntries || deadline.remaining() === 0) return blocked;
      if (!entry.isDirectory()) continue;
      const below = join(path, entry.name);
      if ((lstatSync(below, { throwIfNoEntry: false })?.uid ?? user) === user) waiting.push(below);
      else blocked += 1;
    }
  }
  return blocked;
}

function entriesOf(path: Buffer) {
  try {
    return readdirSync(path, { withFileTypes: true, encoding: 'buffer' });
  } catch {
    return [];
  }
}
