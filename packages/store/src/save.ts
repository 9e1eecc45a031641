import { fingerprintOf } from './fingerprint.ts';
import type { Origin, SaveOptions, Source } from './save-options.ts';
import { lstatSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { importTree } from './import-tree.ts';
import {
  bytesOf,
  entryFolder,
  type Metadata,
  readEntry,
  spaceFolder,
  treePath,
  writeInventories,
  writeMetadata,
} from './entry.ts';
import type { Space } from './space.ts';
import { NotCacheable, totalsOf } from './inventory.ts';
import { type Inventory, type Item } from './item.ts';
import { addToEstimate } from './size-estimate.ts';
import { recordKey } from './keys.ts';
import { heldEntries } from './lease.ts';
import { safePath, withSafePaths, safeFolder } from './safe-paths.ts';
import { format, setFolderGroup, setGroup, makeFolder, requireWritable } from './layout.ts';
import { isShared, type Store } from './store.ts';
import { below, pathToBytes, pathToText } from './byte-paths.ts';
import { removeEntry } from './remove-entry.ts';
import { removeStagingFolder, makeStaging, quarantine, sweepStaging } from './staging.ts';
import { removeTree, renameTree } from './swap.ts';

/**
 * Saves `sources` under `key`. The entry is built in a staging folder and published by a rename, so that a reader sees
 * all of it or nothing.
 * @returns `exists` if the entry exists already, or another job saved it first
 * @throws Error from the file system, such as ENOSPC, or if nothing can be cached. Nothing is left in the store then,
 * and moved trees are back.
 */
export function saveEntry(
  store: Store,
  space: Space,
  key: string,
  sources: readonly Source[],
  options: SaveOptions,
): 'saved' | 'exists' {
  requireWritable(store);
  return withSafePaths(() => {
    sweepStaging(store);
    const folder = entryFolder(store, space, key);
    return isTaken(store, folder, options) ? 'exists' : saveNew(store, space, key, sources, options);
  });
}

function saveNew(
  store: Store,
  space: Space,
  key: string,
  sources: readonly Source[],
  options: SaveOptions,
): 'saved' | 'exists' {
  const staging = makeStaging(store);
  const here = safeFolder(store, staging);
  const moved: [from: string, to: string][] = [];
  try {
    const inventories: Inventory[] = [];
    const imported = sources.filter(({ path }) => {
      const items = importOneTree(store, path, treePath(here, inventories.length), options, moved);
      if (items !== undefined) inventories.push(items);
      return items !== undefined;
    });
    if (imported.length === 0) throw new Error('none of the paths can be cached');
    const origins = imported.map(({ path, place }) => ({ place, from: pathToText(path) }));
    return publishTrees(store, staging, { space, key, origins, inventories, options });
  } catch (error) {
    moveBack(store, staging, moved, error as Error);
    throw error;
  } finally {
    removeStagingFolder(staging);
  }
}

/** Imports one tree. Returns `undefined` for a tree that no cache can hold; the others are saved. */
function importOneTree(...args: Parameters<typeof importTree>): Inventory | undefined {
  try {
    return importTree(...args);
  } catch (error) {
    const [, path, tree, { skip }] = args;
    if (!(error instanceof NotCacheable) || skip === undefined) throw error;
    removeTree(tree);
    skip(pathToText(path), error.why);
    return undefined;
  }
}

/**
 * Moves trees back after a failed save. If something else is at a tree's place by now, the tree goes to quarantine and
 * the error says where.
 */
function moveBack(store: Store, staging: string, moved: [from: string, to: string][], error: Error): void {
  const failed = moved.filter(([from, to]) => {
    try {
      renameTree(to, from);
      return false;
    } catch {
      return true;
    }
  });
  if (failed.length === 0) return;
  const place = quarantine(store, staging);
  error.message += `; ${failed.map(([from]) => pathToText(from)).join(', ')} could not be moved back and is now in ${place}`;
}

/**
 * Returns whether an entry exists that a save must not replace. An unreadable entry is replaced. So is an entry without
 * digests if `digests` is set, unless a job holds it.
 */
export function isTaken(store: Store, folder: string, { digests = false }: SaveOptions): boolean {
  const isThere = (): boolean => lstatSync(folder, { throwIfNoEntry: false }) !== undefined;
  const isInTheWay = (): boolean => {
    const entry = readEntry(folder);
    return entry === undefined || (digests && !entry.metadata.digests);
  };
  if (!isThere()) return false;
  if (!isInTheWay()) return true;
  // Links of a running job may lead into the entry.
  removeEntry(store, folder, () => isInTheWay() && !heldEntries(store).has(folder));
  return isThere();
}

interface NewEntry {
  space: Space;
  key: string;
  origins: readonly Origin[];
  inventories: readonly Inventory[];
  options: SaveOptions;
}

/** Turns the trees in `staging` into an entry: writes its metadata and publishes all of it by a rename. */
export function publishTrees(store: Store, staging: string, entry: NewEntry): 'saved' | 'exists' {
  const here = safeFolder(store, staging);
  const metadata = describe(here, entry);
  if (!isShared(store)) return publish(store, staging, metadata, entry.options);
  try {
    openToGroup(store, here, entry.inventories);
    setFolderGroup(store, safePath(store, staging), 0o2770);
    return publish(store, staging, metadata, entry.options);
  } catch (error) {
    closeToGroup(store, here, entry.inventories);
    throw error;
  }
}

/** Writes the inventories and the metadata next to the trees. */
function describe(staging: string, { space, key, origins, inventories, options }: NewEntry): Metadata {
  writeInventories(staging, inventories);
  const metadata: Metadata = {
    format,
    key,
    space,
    repository: options.repository,
    // A clock that runs ahead on another machine must not make this entry the newest one forever.
    createdAt: Math.min(options.createdAt ?? Date.now(), Date.now()),
    trees: origins.map((origin, index) => ({ ...origin, ...totalsOf(inventories[index] ?? []) })),
    digests: options.digests ?? false,
    fingerprint: fingerprintOf(inventories),
    ...(options.githubMilliseconds === undefined ? {} : { githubMilliseconds: options.githubMilliseconds }),
  };
  writeMetadata(staging, metadata);
  return metadata;
}

function publish(
  store: Store,
  staging: string,
  metadata: Metadata,
  options: SaveOptions,
): 'saved' | 'exists' {
  const { space, key, createdAt } = metadata;
  const folder = entryFolder(store, space, key);
  for (let attempt = 0; ; attempt += 1) {
    try {
      makeFolder(store, spaceFolder(store, space));
      recordKey(store, spaceFolder(store, space), { key, createdAt }, () =>
        renameSync(safePath(store, staging), safePath(store, folder)),
      );
      addToEstimate(store, bytesOf(metadata));
      return 'saved';
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      const isThere = ['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(code);
      if (isThere && isTaken(store, folder, options)) return 'exists';
      // An eviction may have removed the other entry since, or the parent folder when it was empty.
      if (!(isThere || code === 'ENOENT') || attempt > 5) throw error;
    }
  }
}

/** Lets the other users of a shared store read and remove the entry. Jobs get the modes of the inventory. */
function openToGroup(store: Store, staging: string, inventories: readonly Inventory[]): void {
  for (const [index, items] of inventories.entries()) {
    setGroup(store, join(staging, `inventory-${index}`), 0o660);
    for (const item of items) {
      const open = item.mode | (item.kind === 'file' ? 0o440 : 0o770);
      setItemGroup(store, treePath(staging, index), item, open);
    }
  }
  setGroup(store, join(staging, 'entry.json'), 0o660);
}

/** Reverts `openToGroup` for trees that are moved back: restores their modes, and the group of this user's files. */
function closeToGroup(store: Store, staging: string, inventories: readonly Inventory[]): void {
  const own = { ...store, group: process.getegid?.() };
  try {
    for (const [index, items] of inventories.entries())
      for (const item of items.toReversed()) setItemGroup(own, treePath(staging, index), item, item.mode);
  } catch {
    // The first error says more than this one.
  }
}

function setItemGroup(store: Store, tree: string, { kind, path }: Item, mode: number): void {
  setGroup(store, pathToBytes(below(tree, path)), kind === 'link' ? undefined : mode);
}
