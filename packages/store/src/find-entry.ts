import { type Entry, entryFolder, readEntry, spaceFolder } from './entry.ts';
import { keysWith } from './keys.ts';
import { isRealFolder } from './layout.ts';
import type { Space } from './space.ts';
import type { Store } from './store.ts';

/**
 * Finds the entry to restore, in GitHub's order. In each scope, in order: 1. the key itself; 2. keys that start with
 * it; 3. keys that start with each restore key. If several keys match a prefix, the newest wins. Source: GitHub's page
 * "Dependency caching reference".
 */
export function findEntry(
  store: Store,
  spaces: readonly Space[],
  key: string,
  restoreKeys: readonly string[],
): Entry | undefined {
  for (const space of spaces) {
    if (!isRealFolder(store, spaceFolder(store, space))) continue;
    const exact = readEntryByKey(store, space, key);
    if (exact !== undefined) return exact;
    for (const prefix of [key, ...restoreKeys]) {
      for (const found of keysWith(spaceFolder(store, space), prefix).slice(0, maxKeysTried)) {
        const entry = readEntryByKey(store, space, found.key);
        if (entry !== undefined) return entry;
      }
    }
  }
  return undefined;
}

/** How many keys of a prefix are looked up. Most keys in the index still have their entry. */
const maxKeysTried = 1000;

/** Reads the entry of a key. An entry that names another key was put there by hand and is ignored. */
function readEntryByKey(store: Store, space: Space, key: string): Entry | undefined {
  const entry = readEntry(entryFolder(store, space, key));
  return entry?.metadata.key === key ? { ...entry, store } : undefined;
}
