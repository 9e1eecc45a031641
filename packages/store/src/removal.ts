import { randomUUID } from 'node:crypto';
import { join, relative } from 'node:path';
import { ownerOf } from '@runner-actions/host';
import { digest } from './identity.ts';
import type { Store } from './layout.ts';
import { releaseLock, takeLock } from './lock.ts';
import { quarantine, throwAway } from './staging.ts';

/**
 * Takes an entry out of its place, if it is what is meant once nobody else can: what was looked at before may have been evicted
 * since, and another saved in its place, or a job may have taken hold of it.
 * @param isMeant asked when only this process may take the entry away
 * @returns false where it is gone, or is not meant, or another process is at it
 */
export function removeEntry(store: Store, folder: string, isMeant: () => boolean): boolean {
  return alone(store, folder, () => isMeant() && throwAway(store, folder)) ?? false;
}

/** As `removeEntry`, but the entry is kept in quarantine for a person to look at. */
export function quarantineEntry(store: Store, folder: string, isMeant: () => boolean): boolean {
  return alone(store, folder, () => isMeant() && quarantine(store, folder) !== undefined) ?? false;
}

/** Longer than anybody is alone with an entry: for one that was killed where nobody can see it. */
const longest = 60_000;
/** Milliseconds between two tries, and how many there are. */
const [pause, tries] = [5, 200];

/**
 * Lets one process at a time take an entry out of its place, or take hold of it in its place. What is done must be short: looks
 * and renames.
 * @returns what `act` returns; `undefined`: another process did not let go of it
 */
export function alone<T>(store: Store, folder: string, act: () => T): T | undefined {
  const lock = join(store.root, 'locks', `entry-${digest([relative(store.root, folder)])}`);
  const mine = {
    owner: ownerOf(process.pid),
    job: randomUUID(),
    purpose: 'taking an entry away, or hold of it',
  };
  for (let attempt = 0; takeLock(lock, mine, longest) !== 'taken'; attempt += 1) {
    if (attempt === tries) return undefined;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
  }
  try {
    return act();
  } finally {
    releaseLock(lock, mine);
  }
}
