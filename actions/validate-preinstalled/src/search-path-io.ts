import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Job } from '@runner-actions/core';

/** Returns all executable files of this name on PATH, in the order of PATH. */
export async function findOnPath(name: string, environment: Job['environment']): Promise<string[]> {
  if (/[/\\]/.test(name)) return [];
  const extensions = process.platform === 'win32' ? (environment['PATHEXT'] ?? '.EXE;.CMD').split(';') : [''];
  const folders = await foldersOf(environment['PATH'] ?? '');
  const candidates = folders.flatMap((folder) =>
    extensions.map((extension) => join(folder, name + extension)),
  );
  return executablesOf(candidates);
}

/** Returns those of the paths that are executable files. */
export async function executablesOf(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map(isExecutable));
  return paths.filter((_, index) => found[index]);
}

const folderLists = new Map<string, Promise<string[]>>();

/** Returns the existing folders of a PATH. The result is cached for all tools. */
export function foldersOf(path: string): Promise<string[]> {
  const folders = folderLists.get(path) ?? listFolders(path);
  folderLists.set(path, folders);
  return folders;
}

/** Lists the folders of a PATH without missing ones and without duplicates, such as /bin when it links to /usr/bin. */
async function listFolders(path: string): Promise<string[]> {
  const listed = path.split(delimiter).filter((folder) => folder !== '');
  const real = await Promise.all(listed.map((folder) => realpath(folder).catch(() => undefined)));
  return listed.filter((_, index) => real[index] !== undefined && real.indexOf(real[index]) === index);
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
