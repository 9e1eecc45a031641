import { alone } from './alone.ts';
import type { Store } from './store.ts';
import type { Left } from './left.ts';
import { heldEntries } from './lease.ts';
import { quarantine, throwAway } from './staging.ts';

/**
 * Takes an entry out of its place, if it is what is meant once nobody else can: what was looked at before may have been evicted
 * since, and another saved in its place, or a job may have taken hold of it.
 * @param isMeant asked when only this process may take the entry away
 * @param left what of it could not be removed is added to it
 * @returns false where it is gone, or is not meant, or another process is at it
 */
export function removeEntry(store: Store, folder: string, isMeant: () => boolean, left?: Left[]): boolean {
  return alone(store, folder, () => isMeant() && throwAway(store, folder, left)) ?? false;
}

/**
 * As `removeEntry`, but the entry is kept in quarantine for a person to look at. One that links of a running job lead into stays:
 * that job needs the rest of it.
 */
export function quarantineEntry(store: Store, folder: string, isMeant: () => boolean): boolean {
  const isFree = (): boolean => isMeant() && !heldEntries(store, ['pin']).has(folder);
  return alone(store, folder, () => isFree() && quarantine(store, folder) !== undefined) ?? false;
}
