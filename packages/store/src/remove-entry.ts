import { withEntryLock } from './entry-lock.ts';
import type { Store } from './store.ts';
import type { Inaccessible } from './inaccessible.ts';
import { heldEntries } from './lease.ts';
import { quarantine, removeFolder } from './staging.ts';

/**
 * Takes an entry out of its place, if it is what is meant once nobody else can: what was looked at before may have been evicted
 * since, and another saved in its place, or a job may have taken hold of it.
 * @param isMeant asked when only this process may take the entry away
 * @param left what of it could not be removed is added to it
 * @returns false where it is gone, or is not meant, or another process is at it
 */
export function removeEntry(
  store: Store,
  folder: string,
  isExpected: () => boolean,
  left?: Inaccessible[],
): boolean {
  return withEntryLock(store, folder, () => isExpected() && removeFolder(store, folder, left)) ?? false;
}

/**
 * As `removeEntry`, but the entry is kept in quarantine for a person to look at. One that links of a running job lead into stays:
 * that job needs the rest of it.
 */
export function quarantineEntry(store: Store, folder: string, isExpected: () => boolean): boolean {
  const isFree = (): boolean => isExpected() && !heldEntries(store, ['pin']).has(folder);
  return withEntryLock(store, folder, () => isFree() && quarantine(store, folder) !== undefined) ?? false;
}
