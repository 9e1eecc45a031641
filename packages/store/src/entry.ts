import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { TreeMismatch } from './copy-file.ts';
import { digest, folderOf, type Space } from './space.ts';
import { readInventory, writeInventory } from './inventory.ts';
import { type Inventory } from './item.ts';
import { keysWith } from './keys.ts';
import { safePath, withSafePaths } from './safe-paths.ts';
import { format, isRealFolder } from './layout.ts';
import { type Store } from './store.ts';
import { isDigest, type FolderNameTest } from './folder-names.ts';
import { touchRecord, tryReadRecord, writeRecord } from './records.ts';
import { type LinkRule, UnsafeArchive } from './check-items.ts';

/** Where a tree belongs, free of this machine's folders: below which of the paths asked for. */
export interface Place {
  /** Which of the paths, from 0. */
  path: number;
  /** Below the folder that this path names without its globs; empty: itself. */
  below: string;
}

export interface Tree {
  place: Place;
  /** Where it was when it was saved, in full: some trees name that themselves. */
  from?: string;
  files: number;
  bytes: number;
}

/** What is known of an entry. `key` is byte for byte what was saved under. */
export interface Metadata {
  format: typeof format;
  key: string;
  space: Space;
  /** `owner/name` at the time, for people. */
  repository: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  trees: Tree[];
  /** Whether the inventories have a digest of each file. */
  digests: boolean;
  /** Of the inventories: what `pinned` compares. */
  fingerprint: string;
  /** How long GitHub took to bring it here, in milliseconds, where it did. */
  githubMilliseconds?: number;
}

export interface Entry {
  folder: string;
  metadata: Metadata;
  /** `folderId` of its folder. */
  id: string;
  /** Where it was found. */
  store?: Store;
}

export function spaceFolder({ root }: Store, space: Space): string {
  return join(root, format, folderOf(space));
}

export function entryFolder(store: Store, space: Space, key: string): string {
  return join(spaceFolder(store, space), digest([key]));
}

/**
 * The entry that a job is to get, in GitHub's order: scope by scope, in each the key itself, then entries that begin with
 * it, then those that begin with each restore key; of several the newest. Source: GitHub's page "Dependency caching reference".
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

/** How many keys of a prefix are looked up: of most, the entry is there. */
const maxKeysTried = 1000;

/** The entry of a key; one that says that it is of another was put there by hand. */
function readEntryByKey(store: Store, space: Space, key: string): Entry | undefined {
  const entry = readEntry(entryFolder(store, space, key));
  return entry?.metadata.key === key ? { ...entry, store } : undefined;
}

/** `undefined` when there is no entry that can be read. */
export function readEntry(folder: string): Entry | undefined {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (stats?.isDirectory() !== true) return undefined;
  const metadata = tryReadRecord(
    join(folder, 'entry.json'),
    maxMetadataBytes,
    (text) => JSON.parse(text) as Metadata,
  );
  return metadata !== undefined && isMetadata(metadata) ? { folder, metadata, id: idOf(stats) } : undefined;
}

/** Trees of an entry: globs may name thousands, and each is looked for when it is restored. */
const maxTrees = 10_000;
/** Bytes of a description: so many trees with long paths. */
const maxMetadataBytes = 1 << 24;

/** Describes an entry, on the disk. @throws Error for one that would not be read */
export function writeMetadata(folder: string, metadata: Metadata): void {
  const text = JSON.stringify(metadata);
  const { length } = metadata.trees;
  if (length > maxTrees || Buffer.byteLength(text) > maxMetadataBytes)
    throw new Error(
      `An entry has at maxMetadataBytes ${maxTrees} trees, described in ${maxMetadataBytes} bytes. This one has ${length} in ${text.length}`,
    );
  writeRecord(join(folder, 'entry.json'), text, true);
}

function isMetadata(metadata: Partial<Metadata> | null): boolean {
  const { key, space, repository, createdAt, trees, digests, fingerprint, githubMilliseconds } =
    metadata ?? {};
  const { host, repositoryId, scope, version } = space ?? {};
  const texts = [key, repository, fingerprint, host, repositoryId, scope, version];
  return (
    metadata?.format === format &&
    texts.every((text) => typeof text === 'string') &&
    Number.isFinite(createdAt) &&
    typeof digests === 'boolean' &&
    (githubMilliseconds === undefined || Number.isFinite(githubMilliseconds)) &&
    Array.isArray(trees) &&
    trees.length <= maxTrees &&
    trees.every(isTree)
  );
}

function isTree(tree: Partial<Tree> | null): boolean {
  const { place, from = '', files, bytes } = tree ?? {};
  return (
    [place?.path, files, bytes].every((value) => Number.isSafeInteger(value) && Number(value) >= 0) &&
    [place?.below, from].every((text) => typeof text === 'string')
  );
}

/** Tells an entry from another that was saved under its key later; not from one that was fetched again from where it came from. */
export function identityOf({ metadata }: Entry): string {
  return `${metadata.createdAt} ${metadata.fingerprint}`;
}

/** Whether the entry is still in its place, or one that is the same in all. */
export function isCurrent(entry: Entry): boolean {
  const now = readEntry(entry.folder);
  return now !== undefined && identityOf(now) === identityOf(entry);
}

/** Whether it is this very one. */
export function isSameFolder(entry: Entry): boolean {
  const now = readEntry(entry.folder);
  return now !== undefined && now.id === entry.id && identityOf(now) === identityOf(entry);
}

/**
 * Tells a folder from all others that are in its place before or after, wherever it is moved: the number of one that is gone is given
 * to another, but not with the time when the first was made. `undefined`: nothing is there.
 */
export function folderId(folder: string): string | undefined {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  return stats && idOf(stats);
}

function idOf({ ino, birthtimeMs }: Stats): string {
  return `${ino} ${birthtimeMs}`;
}

/** Whether this user saved it. What another user of a group did cannot be made read-only, so that nobody writes through a link. */
export function isOwn({ folder }: Entry): boolean {
  return (
    process.geteuid === undefined || lstatSync(folder, { throwIfNoEntry: false })?.uid === process.geteuid()
  );
}

/** All folders where an entry should be, of all repositories, scopes and versions. */
export function listEntryFolders(store: Store): string[] {
  return listSpaceFolders(store).flatMap((space) => listFolders(space, isDigest));
}

/** The folders of all versions, of all repositories and scopes: each holds entries and their index. */
export function listSpaceFolders({ root }: Store): string[] {
  const inner = (folder: string): string[] => listFolders(folder, isDigest);
  return [1, 2, 3].reduce((folders) => folders.flatMap(inner), [join(root, format)]);
}

/** Of all files of an entry. */
export function bytesOf({ trees }: Pick<Metadata, 'trees'>): number {
  return trees.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The folders of ours in a folder of the store; none where it is gone, or a link. */
export function listFolders(folder: string, isOurs: FolderNameTest): string[] {
  try {
    if (!lstatSync(folder).isDirectory()) return [];
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && isOurs(entry.name))
      .map(({ name }) => join(folder, name));
  } catch {
    return [];
  }
}

/** Where the nth tree of an entry, of a ready copy or of a lease is. */
export function treePath(folder: string, index: number): string {
  return join(folder, `tree-${index}`);
}

/** The inventory of the nth tree. @param rule where links may lead @throws as `readInventory` */
export function readInventoryOf(folder: string, index: number, rule?: LinkRule): Inventory {
  return readInventory(join(folder, `inventory-${index}`), rule);
}

/** The inventory of the nth tree of an entry that is to be copied or compared. @throws TreeMismatch when it is missing, damaged, or not to be trusted */
export function requireInventoryOf(folder: string, index: number, rule?: LinkRule): Inventory {
  try {
    return readInventoryOf(folder, index, rule);
  } catch (error) {
    const why = error instanceof UnsafeArchive ? `: ${error.message}` : ' is missing or damaged';
    throw new TreeMismatch(`inventory-${index}${why}`);
  }
}

/**
 * Writes inventories and puts them on the disk: after a power loss an entry is there with them or not at all.
 * @returns what was written
 */
export function writeInventories(folder: string, inventories: readonly Inventory[]): string[] {
  return inventories.map((items, index) => {
    const text = writeInventory(items);
    writeRecord(join(folder, `inventory-${index}`), text, true);
    return text;
  });
}

/** For eviction by last use: access times are not kept on many disks. */
export function recordUse(store: Store, folder: string): void {
  try {
    withSafePaths(() => touchRecord(safePath(store, join(folder, 'used'))));
  } catch {
    // A store that may only be read serves all the same.
  }
}
