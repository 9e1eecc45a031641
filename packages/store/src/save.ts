import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, lstatSync, renameSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { copyItems, digestItems, finishDirectories } from './copy.ts';
import {
  entryFolder,
  type Metadata,
  type Place,
  readEntry,
  spaceFolder,
  type Tree,
  treeIn,
  writeInventories,
  writeSynced,
} from './entry.ts';
import type { Space } from './identity.ts';
import { type Inventory, type Item, lookAt, takeInventory, totalsOf } from './inventory.ts';
import { recordKey } from './keys.ts';
import { format, makeFolder, requireWritable, type Store } from './layout.ts';
import { below, parentOf, toBytes, toText } from './names.ts';
import { canReflink } from './probe.ts';
import type { Tick } from './progress.ts';
import { dropStaging, makeStaging, sweepStaging, throwAway } from './staging.ts';

export interface Source {
  /** A file or folder, a character for each byte. */
  path: string;
  place: Place;
}

/** What a tree is for, and where it was. */
export type Origin = Pick<Tree, 'place' | 'from'>;

export interface SaveOptions {
  /** `owner/name`, for people. */
  repository: string;
  /** Takes the trees away instead of copying them, where they are on the store's file system: for what nobody needs any more. */
  move?: boolean;
  /** Whether to note a digest of each file, for `verify: full` and `pinned`. */
  digests?: boolean;
  githubMilliseconds?: number;
  tick?: Tick;
}

/**
 * Saves `sources` under `key`: made beside, then published by a rename, so that a reader sees all of it or nothing.
 * @returns `exists` when an entry is there already, or another job was faster
 * @throws Error from the file system, such as ENOSPC, and for what no cache can hold; then nothing is left of it, and what was
 * taken away is back
 */
export function saveEntry(
  store: Store,
  space: Space,
  key: string,
  sources: readonly Source[],
  options: SaveOptions,
): 'saved' | 'exists' {
  requireWritable(store);
  sweepStaging(store);
  const folder = entryFolder(store, space, key);
  if (isTaken(store, folder, options)) return 'exists';
  const staging = makeStaging(store);
  const taken: [from: string, to: string][] = [];
  try {
    const inventories = sources.map(({ path }, index) =>
      bringIn(path, treeIn(staging, index), options, taken),
    );
    const origins = sources.map(({ path, place }) => ({ place, from: toText(path) }));
    describe(staging, space, key, { sources: origins, inventories, options });
    return publish(store, staging, space, key);
  } catch (error) {
    for (const [from, to] of taken.reverse()) renameSync(toBytes(to), toBytes(from));
    throw error;
  } finally {
    dropStaging(staging);
  }
}

/** One that cannot be read is in the way; one without digests is replaced where they are wanted. */
export function isTaken(store: Store, folder: string, { digests = false }: SaveOptions): boolean {
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return false;
  const entry = readEntry(folder);
  if (entry !== undefined && (entry.metadata.digests || !digests)) return true;
  return !throwAway(store, folder);
}

/** Puts what describes an entry beside its trees in `staging`. */
export function describe(
  staging: string,
  space: Space,
  key: string,
  made: {
    sources: readonly Pick<Source, 'place'>[];
    inventories: readonly Inventory[];
    options: SaveOptions;
  },
): void {
  const { sources, inventories, options } = made;
  writeInventories(staging, inventories);
  const metadata: Metadata = {
    format,
    key,
    space,
    repository: options.repository,
    createdAt: Date.now(),
    trees: sources.map((origin, index) => ({ ...origin, ...totalsOf(inventories[index] ?? []) })),
    digests: options.digests ?? false,
    fingerprint: fingerprintOf(inventories),
    ...(options.githubMilliseconds === undefined ? {} : { githubMilliseconds: options.githubMilliseconds }),
  };
  writeSynced(join(staging, 'entry.json'), JSON.stringify(metadata));
}

/** Makes what is in `staging` the entry of `key`. */
export function publish(store: Store, staging: string, space: Space, key: string): 'saved' | 'exists' {
  const folder = entryFolder(store, space, key);
  for (let attempt = 0; ; attempt += 1) {
    try {
      makeFolder(store, spaceFolder(store, space));
      recordKey(spaceFolder(store, space), { key, createdAt: Date.now() });
      renameSync(staging, folder);
      return 'saved';
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(code) && readEntry(folder) !== undefined) return 'exists';
      // Eviction removes folders that hold nothing, and may have been at this one.
      if (code !== 'ENOENT' || attempt > 5) throw error;
    }
  }
}

/** Of what the trees hold, whatever machine they are on. */
export function fingerprintOf(inventories: readonly Inventory[]): string {
  const hash = createHash('sha256');
  for (const items of inventories) {
    for (const { kind, path, mode, size, link, sha256 } of items)
      hash.update(JSON.stringify([kind, path, mode, size, link ?? sha256 ?? '']));
    hash.update('\n');
  }
  return hash.digest('hex');
}

function bringIn(
  path: string,
  tree: string,
  { move = false, digests = false, tick }: SaveOptions,
  taken: [from: string, to: string][],
): Inventory {
  if (move && rename(path, tree)) {
    taken.push([path, tree]);
    const items = takeInventory(tree, tick);
    separate(tree, items);
    if (digests) digestItems(tree, items, tick);
    return items;
  }
  const method = canReflink(dirname(tree), path) ? 'reflink' : 'copy';
  // Sizes are compared while files are read; that they are what they were a moment ago need not be asked.
  copyItems(path, tree, takeInventory(path), { tick, methodOf: () => method, verify: 'off' });
  const items = takeInventory(tree);
  if (digests) digestItems(tree, items, tick);
  return items;
}

/** False where the two are on different file systems. */
function rename(from: string, to: string): boolean {
  try {
    renameSync(toBytes(from), toBytes(to));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EXDEV') return false;
    throw error;
  }
}

/** Gives files with further names (pnpm links its store into projects) a content of their own: whoever has the other name could change it. */
function separate(tree: string, items: Inventory): void {
  const touched = new Set<string>();
  for (const item of items.filter(({ names }) => names !== undefined)) {
    const full = below(tree, item.path);
    const folder = parentOf(full);
    if (item.path !== '') {
      chmodSync(toBytes(folder), 0o700);
      touched.add(parentOf(item.path));
    }
    const draft = `${full}.runner-actions`;
    copyFileSync(toBytes(full), toBytes(draft));
    chmodSync(toBytes(draft), item.mode);
    utimesSync(toBytes(draft), item.modified / 1000, item.modified / 1000);
    renameSync(toBytes(draft), toBytes(full));
    const { inode, changed, modified } = lookAt(full, item.path);
    Object.assign(item, { inode, changed, modified });
  }
  finishDirectories(
    tree,
    items.filter(({ path, kind }: Item) => kind === 'directory' && touched.has(path)),
  );
}
