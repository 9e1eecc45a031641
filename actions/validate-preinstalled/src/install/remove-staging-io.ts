import { lstatSync, rmdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Deadline, messageOf, startDeadline } from '@runner-actions/core';
import {
  closeFolder,
  emptyDirectory,
  explainFileError,
  type Folder,
  openFolder,
  openInside,
  pathInFolder,
} from '@runner-actions/host';

/** Milliseconds of a removal after which timers and signals have their turn. */
const slice = 50;
/** Milliseconds. What a killed job left is removed after a time that no download takes. */
const abandonedAfter = 24 * 60 * 60_000;

/** What `mkdtemp` adds to a prefix. */
const random = /^[\dA-Za-z]{6}$/;

/** How the names of the staging folders for a folder begin. Others do not name theirs so. */
export function stagingPrefix(name: string): string {
  return `.${name}-runner-actions-`;
}

/**
 * Removes the staging folders that installations which were killed left behind: those with this prefix that are old and
 * of this user. Nothing else is touched.
 * @returns what stays of them, each with the reason
 */
export async function removeAbandoned(parent: string, prefix: string, deadline: Deadline): Promise<string[]> {
  const left: string[] = [];
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix) || !random.test(name.slice(prefix.length))) continue;
    left.push(...(await removeStaging(parent, name, deadline, isAbandoned)));
  }
  return left;
}

function isAbandoned(folder: Folder): boolean {
  const { mtimeMs, uid } = lstatSync(pathInFolder(folder, '.'));
  return (process.geteuid?.() ?? uid) === uid && Date.now() - mtimeMs > abandonedAfter;
}

/**
 * Removes a folder without entering what is mounted in it, and without following a link.
 * @param mayRemove is asked about the opened folder
 * @returns what stays, with the reason; nothing if the folder is gone or may not be removed
 */
export async function removeStaging(
  parent: string,
  name: string,
  deadline: Deadline,
  mayRemove: (folder: Folder) => boolean = () => true,
): Promise<string[]> {
  const open: Folder[] = [];
  try {
    const above = openFolder(parent);
    open.push(above);
    const folder = openInside(above, name);
    open.push(folder);
    if (!mayRemove(folder)) return [];
    for (;;) {
      const { finished, residue } = emptyDirectory(folder, { deadline: startDeadline(slice, deadline) });
      if (residue.length > 0) return residue.map(({ path, reason }) => `${path}: ${reason}`);
      if (finished) break;
      if (deadline.remaining() === 0) return [`${join(parent, name)}: the time was over`];
      await nextTurn();
    }
    rmdirSync(pathInFolder(above, name));
    return [];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? [] : [`${join(parent, name)}: ${explainFileError(code) ?? messageOf(error)}`];
  } finally {
    for (const one of open) closeFolder(one);
  }
}
