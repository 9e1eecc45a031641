import { lstatSync } from 'node:fs';
import { relative } from 'node:path';
import { removeBelow } from '@runner-actions/host';
import type { Inaccessible } from './inaccessible.ts';

/**
 * Root that looks after a user's store acts as that user: what root makes in it would be in the user's way. Synchronous, since all of
 * the process changes its user. Others act as they are.
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

/** Root removes what the owner of the store could not: what containers made as root. @returns what stays even so */
export function removeAsRoot(root: string, left: readonly Inaccessible[]): Inaccessible[] {
  if (process.geteuid?.() !== 0 || process.platform !== 'linux') return [...left];
  return left.filter(({ path }) => removeBelow(root, relative(root, path).split('/')) !== undefined);
}
