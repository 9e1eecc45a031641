import { lstatSync } from 'node:fs';
import { relative } from 'node:path';
import { removeBelow } from '@runner-actions/host';
import type { Inaccessible } from './inaccessible.ts';

/**
 * Runs `act` as the owner of the store if this process is root: the owner could not remove files that root creates.
 * Synchronous, because the user of the whole process changes meanwhile. Other users run `act` as they are.
 */
export function asOwnerOf<T>(root: string, act: () => T): T {
  const entry = lstatSync(root, { throwIfNoEntry: false });
  const { geteuid, getegid, getgroups, seteuid, setegid, setgroups } = process;
  if (!geteuid || !getegid || !getgroups || !seteuid || !setegid || !setgroups) return act();
  if (entry === undefined || entry.uid === 0 || geteuid() !== 0) return act();
  const [groups, group] = [getgroups(), getegid()];
  setgroups([entry.gid]);
  setegid(entry.gid);
  seteuid(entry.uid);
  try {
    return act();
  } finally {
    seteuid(0);
    setegid(group);
    setgroups(groups);
  }
}

/**
 * Removes as root the files that the store's owner could not remove, such as files that containers created as root.
 * @returns the files that remain
 */
export function removeAsRoot(root: string, left: readonly Inaccessible[]): Inaccessible[] {
  if (process.geteuid?.() !== 0 || process.platform !== 'linux') return [...left];
  return left.filter(({ path }) => removeBelow(root, relative(root, path).split('/')) !== undefined);
}
