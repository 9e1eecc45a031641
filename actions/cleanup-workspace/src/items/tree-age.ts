import { lstatSync, opendirSync } from 'node:fs';
import { join } from 'node:path';
import type { Deadline } from '@runner-actions/core';
import { changeTime } from './ground.ts';

/** The newest time of change in a tree, in milliseconds since 1970. */
export interface TreeAge {
  newest: number;
  /** Why not everything was seen; `undefined` if it was. */
  unseen?: 'too many entries' | 'the time is over' | 'a part cannot be read';
}

/**
 * Finds the newest time of change in a tree. Does not follow links. An entry that disappears meanwhile was in use.
 * @param path without mounts in it
 * @param most number of entries that are looked at
 */
export function treeAge(path: string | Buffer, most: number, deadline: Deadline): TreeAge {
  const age: TreeAge = { newest: 0 };
  const open = [typeof path === 'string' ? Buffer.from(path) : path];
  let seen = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if ((seen += 1) > most) return { ...age, unseen: 'too many entries' };
    if (deadline.remaining() === 0) return { ...age, unseen: 'the time is over' };
    const entry = lstatSync(next);
    age.newest = Math.max(age.newest, changeTime(entry));
    if (!entry.isDirectory()) continue;
    try {
      const left = most - seen - open.length;
      const names = namesIn(next, left);
      for (const name of names) open.push(Buffer.concat([next, Buffer.from('/'), name]));
      if (names.length > left) return { ...age, unseen: 'too many entries' };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
      age.unseen = 'a part cannot be read';
    }
  }
  return age;
}

/** Lists a folder, but not many more than `most` names: a folder may have millions. */
function namesIn(path: Buffer, most: number): Buffer[] {
  // The type does not know that this encoding is allowed. It gives one character for each byte.
  const folder = opendirSync(path, { encoding: 'latin1' as BufferEncoding });
  const names: Buffer[] = [];
  try {
    for (let entry = folder.readSync(); entry !== null && names.length <= most; entry = folder.readSync())
      names.push(Buffer.from(entry.name, 'latin1'));
    return names;
  } finally {
    folder.closeSync();
  }
}

/**
 * Lists the entries of a folder.
 * @throws Error as `opendir` does, and for a folder with more than `most` entries
 */
export function allEntriesOf(folder: string, most: number): string[] {
  const names = namesIn(Buffer.from(folder), most);
  if (names.length > most) throw new Error(`it has more than ${most} entries`);
  return names.map((name) => name.toString());
}

/** Lists some entries of a folder, none for a folder that does not exist or cannot be read. */
export function entriesOf(folder: string, most: number): string[] {
  try {
    return namesIn(Buffer.from(folder), most)
      .slice(0, most)
      .map((name) => name.toString());
  } catch {
    return [];
  }
}

/** Returns whether a path is a folder, and not a link to one. */
export function isRealFolder(...path: string[]): boolean {
  return lstatSync(join(...path), { throwIfNoEntry: false })?.isDirectory() ?? false;
}
