import { lstatSync, mkdirSync, readdirSync, renameSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Eviction, planEviction, type Bounds, type Kept } from './eviction-plan.ts';
import { dropStaging, makeStaging, sweepStaging } from './staging.ts';
import { readEntry, type Store } from './store.ts';

export interface Evicted {
  entries: number;
  bytes: number;
}

/** All entries of all repositories and scopes, with when each was used last. What is no entry has no key. */
export function listKept({ root }: Store): Kept[] {
  const spaces = [1, 2, 3].reduce((folders) => folders.flatMap(childrenOf), [join(root, 'v1')]);
  return spaces.flatMap(childrenOf).map((folder): Kept => {
    const entry = readEntry(folder);
    const bytes = entry?.metadata.trees.reduce((sum, tree) => sum + tree.bytes, 0) ?? 0;
    const lastUse = Math.max(
      modified(join(folder, 'used')),
      modified(folder),
      entry?.metadata.createdAt ?? 0,
    );
    return { folder, key: entry?.metadata.key, bytes, lastUse };
  });
}

/**
 * Makes the store fit its bounds: what nobody used for longest goes first, and nothing that was used a moment ago. Each entry
 * leaves by a rename, so that a reader sees all of it or nothing; what a killed process had renamed the next one removes.
 * @param freeBytes what the disk has left for processes without privileges
 */
export function evict(
  store: Store,
  bounds: Bounds,
  { freeBytes, now }: { freeBytes: number; now: number },
): Evicted {
  sweepStaging(store.root);
  const quarantined = childrenOf(join(store.root, 'quarantine')).map((folder): Kept => ({
    folder,
    key: undefined,
    bytes: 0,
    lastUse: modified(folder),
  }));
  const plan = planEviction([...listKept(store), ...quarantined], bounds, { freeBytes, now });
  const gone = plan.filter((one) => remove(store, one));
  return { entries: gone.length, bytes: gone.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Whether it was there to be removed: another process may have been faster. */
function remove({ root }: Store, { folder }: Eviction): boolean {
  const staging = makeStaging(root);
  try {
    renameSync(folder, join(staging, 'evicted'));
    dropEmpty(dirname(folder), root);
    return true;
  } catch {
    return false;
  } finally {
    dropStaging(staging);
  }
}

/** Folders of spaces that hold nothing more; one that is filled meanwhile stays. */
function dropEmpty(folder: string, root: string): void {
  try {
    for (let at = folder; at !== join(root, 'v1') && at !== join(root, 'quarantine'); at = dirname(at))
      rmdirSync(at);
  } catch {
    // Not empty, or gone.
  }
  mkdirSync(join(root, 'v1'), { recursive: true, mode: 0o700 });
}

function childrenOf(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function modified(path: string): number {
  return lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
