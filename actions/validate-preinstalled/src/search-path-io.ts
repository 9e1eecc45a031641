import { constants } from 'node:fs';
import { access, lstat, readdir, readlink, realpath, stat } from 'node:fs/promises';
import { basename, delimiter, dirname, join } from 'node:path';
import { type Job, startDeadline } from '@runner-actions/core';
import { adviceToExecute } from './files/least-right.ts';
import { DeadMount, listPath, lookAtPath, remoteMountOf } from './paths/ask-path-io.ts';

/** Milliseconds for a folder of PATH on a file system of the network. */
const answerLimit = 5_000;

/**
 * Returns all executable files of this name on PATH, in the order of PATH.
 * @throws DeadMount if there is none, and a folder of PATH does not answer
 */
export async function findOnPath(name: string, environment: Job['environment']): Promise<string[]> {
  if (/[/\\]/.test(name)) return [];
  const extensions = process.platform === 'win32' ? (environment['PATHEXT'] ?? '.EXE;.CMD').split(';') : [''];
  const folders = await foldersOf(environment['PATH'] ?? '');
  const candidates = folders.flatMap((folder) =>
    extensions
      .map((extension) => name + extension)
      .filter((file) => mayHave(folder, file))
      .map((file) => ({ folder, file, path: join(folder.path, file) })),
  );
  const found = await Promise.all(candidates.map(({ folder, file }) => isExecutable(folder, file)));
  const dead = found.find((one) => one instanceof DeadMount);
  if (dead !== undefined && !found.includes(true)) throw dead;
  return candidates.filter((_, index) => found[index] === true).map(({ path }) => path);
}

/** Returns those of the paths that are executable files. A path on a mount that does not answer is none. */
export async function executablesOf(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map((path) => isExecutable({ path: dirname(path), real: dirname(path) }, basename(path))),
  );
  return paths.filter((_, index) => found[index] === true);
}

/** Returns the folders of PATH that exist, and the names of their files as far as these can be listed. */
export async function listSearchPath(
  environment: Job['environment'],
): Promise<{ folders: string[]; names: string[] }> {
  const folders = await foldersOf(environment['PATH'] ?? '');
  return {
    folders: folders.map(({ path }) => path),
    names: folders.flatMap(({ names }) => [...(names ?? [])]),
  };
}

/**
 * Looks on PATH for something of this name that is no program, though a person sees it there.
 * @returns what the first one is, and what to do about it
 */
export async function findUnusable(
  name: string,
  environment: Job['environment'],
): Promise<{ found: string; advice: string } | undefined> {
  for (const { path, names } of await foldersOf(environment['PATH'] ?? '')) {
    const target = join(path, name);
    if (names?.has(name) !== true || remoteMountOf(target, '/') !== undefined) continue;
    const entry = await stat(target).catch(() => undefined);
    if (entry?.isFile() === true) {
      const mayRead = await access(target, constants.R_OK).then(
        () => true,
        () => false,
      );
      const advice = adviceToExecute({ path: target, uid: entry.uid, gid: entry.gid }, mayRead ? 'x' : 'rx');
      return { found: `${target}, which this user may not execute`, advice: `${advice}, or reinstall it.` };
    }
    const isLink = (await lstat(target).catch(() => undefined))?.isSymbolicLink() === true;
    if (entry === undefined && isLink) {
      const missing = await readlink(target).catch(() => 'a file');
      const found = `${target}, a link to ${missing}, which does not exist`;
      return { found, advice: `Reinstall ${name}, or remove the link.` };
    }
  }
  return undefined;
}

/** A folder of PATH. */
interface PathFolder {
  path: string;
  real: string;
  /** Names of its files, if they can be listed. On Windows, names differ in upper and lower case. */
  names?: ReadonlySet<string>;
  /** Why nothing is known about it. */
  dead?: DeadMount;
}

const folderLists = new Map<string, Promise<PathFolder[]>>();

/** Forgets which folders exist, after something may have made one. */
export function forgetSearchPath(): void {
  folderLists.clear();
}

/** Returns the existing folders of a PATH. The result is cached for all tools. */
function foldersOf(path: string): Promise<PathFolder[]> {
  const folders = folderLists.get(path) ?? listFolders(path);
  folderLists.set(path, folders);
  return folders;
}

/** Lists the folders of a PATH without missing ones and without duplicates, such as /bin when it links to /usr/bin. */
async function listFolders(path: string): Promise<PathFolder[]> {
  const listed = path.split(delimiter).filter((folder) => folder !== '');
  const folders = (await Promise.all(listed.map(openFolder))).filter((folder) => folder !== undefined);
  return folders.filter(({ real }, index) => folders.findIndex((one) => one.real === real) === index);
}

/** Folders of PATH count for all jobs alike, so that they are not trusted for being in a workspace. */
const asker = () => ({ job: { workspace: '/' }, deadline: startDeadline(answerLimit) });

async function openFolder(path: string): Promise<PathFolder | undefined> {
  if (remoteMountOf(path, '/') === undefined) {
    const real = await realpath(path).catch(() => undefined);
    // A folder that may be searched but not listed is asked for each name.
    const names = await readdir(path).catch(() => undefined);
    return real === undefined
      ? undefined
      : { path, real, ...(names === undefined ? {} : { names: new Set(names) }) };
  }
  try {
    const folder = await listPath(path, asker());
    return folder === undefined ? undefined : { path, real: folder.real, names: new Set(folder.names) };
  } catch (error) {
    return error instanceof DeadMount ? { path, real: path, dead: error } : undefined;
  }
}

/** Returns whether a folder may have a file. Where names differ in upper and lower case, only the file system knows. */
function mayHave({ names, dead }: PathFolder, file: string): boolean {
  const isExact = process.platform !== 'win32' && process.platform !== 'darwin';
  return dead !== undefined || !isExact || names?.has(file) !== false;
}

async function isExecutable({ path, dead }: PathFolder, file: string): Promise<boolean | DeadMount> {
  if (dead !== undefined) return dead;
  const target = join(path, file);
  try {
    // Also a link in a local folder may lead to a file system that does not answer.
    if (remoteMountOf(target, '/') !== undefined) {
      const facts = await lookAtPath(target, asker(), ['execute']);
      return facts.there === 'file' && !facts.denied.includes('execute');
    }
    await access(target, constants.X_OK);
    return (await stat(target)).isFile();
  } catch (error) {
    return error instanceof DeadMount ? error : false;
  }
}
