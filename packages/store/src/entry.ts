import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { TreeMismatch } from './copy-file.ts';
import { digest, spacePath, type Space } from './space.ts';
import { readInventory, writeInventory } from './inventory.ts';
import { type Inventory } from './item.ts';
import { safePath, withSafePaths } from './safe-paths.ts';
import { format } from './layout.ts';
import { type Store } from './store.ts';
import { isDigest, type FolderNameTest } from './folder-names.ts';
import { touchRecord, tryReadRecord, writeRecord } from './records.ts';
import { type LinkRule, UnsafeArchive } from './check-items.ts';

/** Which path of a cache a tree belongs to, independent of this machine's folders. */
export interface TreePlace {
  /** Index of the path in the list of requested paths, from 0. */
  path: number;
  /** Path below the folder that the requested path names without its globs. Empty: that folder itself. */
  below: string;
}

export interface Tree {
  place: TreePlace;
  /** Full path of the tree when it was saved. Some trees contain their own path. */
  from?: string;
  files: number;
  bytes: number;
}

/** The contents of `entry.json`. `key` is the saved key, byte for byte. */
export interface Metadata {
  format: typeof format;
  key: string;
  space: Space;
  /** `owner/name` when the entry was saved, for messages. */
  repository: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  trees: Tree[];
  /** Whether the inventories contain a digest of each file. */
  digests: boolean;
  /** Fingerprint of the inventories, which `verify: pinned` compares. */
  fingerprint: string;
  /** Milliseconds that the download from GitHub took, if the entry came from there. */
  githubMilliseconds?: number;
}

export interface Entry {
  folder: string;
  metadata: Metadata;
  /** `folderId` of the entry's folder. */
  id: string;
  /** The store in which the entry was found. */
  store?: Store;
}

export function spaceFolder({ root }: Store, space: Space): string {
  return join(root, format, spacePath(space));
}

export function entryFolder(store: Store, space: Space, key: string): string {
  return join(spaceFolder(store, space), digest([key]));
}

/** Reads an entry. Returns `undefined` if it is missing or cannot be read. */
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

/** Maximum number of trees of an entry. Globs may match thousands, and a restore looks for each of them. */
const maxTrees = 10_000;
/** Maximum bytes of `entry.json`: enough for that many trees with long paths. */
const maxMetadataBytes = 1 << 24;

/**
 * Writes `entry.json` and syncs it to disk.
 * @throws Error if `readEntry` would reject the metadata
 */
export function writeMetadata(folder: string, metadata: Metadata): void {
  const text = JSON.stringify(metadata);
  const [count, bytes] = [metadata.trees.length, Buffer.byteLength(text)];
  if (count > maxTrees || bytes > maxMetadataBytes)
    throw new Error(
      `An entry has at most ${maxTrees} trees, described in ${maxMetadataBytes} bytes. This one has ${count} trees in ${bytes} bytes`,
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

/**
 * Returns an identity that differs if another entry was saved under the same key later. An entry that was downloaded
 * again has the same identity as before.
 */
export function identityOf({ metadata }: Entry): string {
  return `${metadata.createdAt} ${metadata.fingerprint}`;
}

/** Returns whether the entry, or one with the same identity, is still at its place. */
export function isCurrent(entry: Entry): boolean {
  const now = readEntry(entry.folder);
  return now !== undefined && identityOf(now) === identityOf(entry);
}

/** Returns whether the same folder with the same entry is still at its place. */
export function isSameFolder(entry: Entry): boolean {
  const now = readEntry(entry.folder);
  return now !== undefined && now.id === entry.id && identityOf(now) === identityOf(entry);
}

/**
 * Returns an identifier of a folder, which stays the same when the folder is moved. A new folder may reuse an inode
 * number, so the time of creation is a part of it. Returns `undefined` if nothing is there.
 */
export function folderId(folder: string): string | undefined {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  return stats && idOf(stats);
}

function idOf({ ino, birthtimeMs }: Stats): string {
  return `${ino} ${birthtimeMs}`;
}

/**
 * Returns whether this user saved the entry. Only its owner can make it read-only, so that no job writes to it through
 * a link.
 */
export function isOwn({ folder }: Entry): boolean {
  return (
    process.geteuid === undefined || lstatSync(folder, { throwIfNoEntry: false })?.uid === process.geteuid()
  );
}

/** Lists the folders of all entries, of all repositories, scopes and versions. */
export function listEntryFolders(store: Store): string[] {
  return listSpaceFolders(store).flatMap((space) => listFolders(space, isDigest));
}

/** Lists the version folders of all repositories and scopes. Each holds entries and their index of keys. */
export function listSpaceFolders({ root }: Store): string[] {
  const inner = (folder: string): string[] => listFolders(folder, isDigest);
  return [1, 2, 3].reduce((folders) => folders.flatMap(inner), [join(root, format)]);
}

/** Returns the total bytes of an entry's files. */
export function bytesOf({ trees }: Pick<Metadata, 'trees'>): number {
  return trees.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Returns the number of files in an entry. */
export function filesOf({ trees }: Pick<Metadata, 'trees'>): number {
  return trees.reduce((sum, { files }) => sum + files, 0);
}

/** Lists the subfolders whose name matches `isStoreName`. Returns none if the folder is missing or a symlink. */
export function listFolders(folder: string, isStoreName: FolderNameTest): string[] {
  try {
    if (!lstatSync(folder).isDirectory()) return [];
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && isStoreName(entry.name))
      .map(({ name }) => join(folder, name));
  } catch {
    return [];
  }
}

/** Returns the path of the nth tree of an entry, a ready copy or a lease. */
export function treePath(folder: string, index: number): string {
  return join(folder, `tree-${index}`);
}

/**
 * Reads the inventory of the nth tree.
 * @param rule where symlinks may lead
 * @throws as `readInventory`
 */
export function readInventoryOf(folder: string, index: number, rule?: LinkRule): Inventory {
  return readInventory(join(folder, `inventory-${index}`), rule);
}

/**
 * Reads the inventory of the nth tree of an entry, to copy or compare the tree.
 * @throws TreeMismatch if the inventory is missing, damaged or unsafe
 */
export function requireInventoryOf(folder: string, index: number, rule?: LinkRule): Inventory {
  try {
    return readInventoryOf(folder, index, rule);
  } catch (error) {
    const why = error instanceof UnsafeArchive ? `: ${error.message}` : ' is missing or damaged';
    throw new TreeMismatch(`inventory-${index}${why}`);
  }
}

/**
 * Writes the inventories and syncs them to disk. After a power loss, an entry has its inventories or does not exist.
 * @returns the text of each inventory
 */
export function writeInventories(folder: string, inventories: readonly Inventory[]): string[] {
  return inventories.map((items, index) => {
    const text = writeInventory(items);
    writeRecord(join(folder, `inventory-${index}`), text, true);
    return text;
  });
}

/** Records that an entry was used, for eviction by last use. Many disks do not keep access times. */
export function recordUse(store: Store, folder: string): void {
  try {
    withSafePaths(() => touchRecord(safePath(store, join(folder, 'used'))));
  } catch {
    // A read-only store can still be restored from.
  }
}
