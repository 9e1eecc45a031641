import { withEntryLock } from './entry-lock.ts';
import type { Store } from './store.ts';
import type { Inaccessible } from './inaccessible.ts';
import { heldEntries } from './lease.ts';
import { quarantine, removeFolder } from './staging.ts';

/**
 * Removes an entry, if `isExpected` agrees while this process holds the entry's lock. Since the caller looked, the
 * entry may have been evicted and replaced, or a job may have taken a hold on it.
 * @param isExpected called while only this process may remove the entry
 * @param left receives what could not be removed
 * @returns false if the entry is gone or not the expected one, or another process holds the lock
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
 * Moves an entry to quarantine, for a person to inspect. An entry stays if links of a running job lead into it: the job
 * needs the rest of it.
 */
export function quarantineEntry(store: Store, folder: string, isExpected: () => boolean): boolean {
  const isFree = (): boolean => isExpected() && !heldEntries(store, ['pin']).has(folder);
  return withEntryLock(store, folder, () => isFree() && quarantine(store, folder) !== undefined) ?? false;
}
