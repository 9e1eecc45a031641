import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { type Contents, copyTree, sameContents } from './copy-tree.ts';
import { digest, folderOf, type Space } from './identity.ts';
import { placeTrees } from './place-tree.ts';
import { dropStaging, makeStaging, sweepStaging } from './staging.ts';

/** A store that was opened: its folder is there and is this user's. */
export interface Store {
  root: string;
}

/** What is known of an entry. `key` is byte for byte what was saved under. */
export interface Metadata {
  layout: 2;
  key: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  trees: Tree[];
}

export interface Entry {
  folder: string;
  metadata: Metadata;
}

/** Where a tree belongs, free of this machine's folders: below which of the paths asked for. */
export interface Place {
  /** Which of the paths, from 0. */
  path: number;
  /** Below the folder that this path names without its globs; empty: itself. */
  below: string;
}

export interface Tree extends Contents {
  place: Place;
}

/** A folder or file of the job, as bytes, since names need not be UTF-8. */
export type Path = Buffer;

export interface Source {
  path: Path;
  place: Place;
}

/** @throws Error when the root is a link, is not this user's alone to write, or cannot be made */
export function openStore(root: string): Store {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const entry = lstatSync(root);
  if (!entry.isDirectory()) throw new Error(`The store ${root} is a link or a file. Name a folder.`);
  const user = process.getuid?.();
  if (user !== undefined && entry.uid !== user) {
    throw new Error(
      `The store ${root} belongs to another user (${entry.uid}). Name a folder of user ${user}.`,
    );
  }
  // Whoever may write here could put another folder in the place of ours. Its mode is the owner's to change.
  if (process.platform !== 'win32' && (entry.mode & 0o022) !== 0) {
    throw new Error(`The store ${root} can be written by other users. Take that away: chmod 700.`);
  }
  for (const name of ['v1', 'staging', 'quarantine'])
    mkdirSync(join(root, name), { recursive: true, mode: 0o700 });
  return { root };
}

/**
 * Saves `sources` under `key`: copied beside, then published by a rename, so that a reader sees all of it or nothing.
 * @returns `exists` when an entry is there already, or another job was faster
 * @throws Error from the file system, such as ENOSPC; nothing is left of it then
 */
export function saveEntry(
  store: Store,
  space: Space,
  key: string,
  sources: readonly Source[],
): 'saved' | 'exists' {
  sweepStaging(store.root);
  const folder = join(store.root, 'v1', folderOf(space), digest([key]));
  if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined) return 'exists';
  const staging = makeStaging(store.root);
  try {
    const trees = sources.map(({ path, place }, index) => ({
      ...copyTree(path, Buffer.from(join(staging, `tree-${index}`))),
      place,
    }));
    const metadata: Metadata = { layout: 2, key, createdAt: Date.now(), trees };
    writeFileSync(join(staging, 'metadata.json'), JSON.stringify(metadata));
    mkdirSync(dirname(folder), { recursive: true, mode: 0o700 });
    renameSync(staging, folder);
    return 'saved';
  } catch (error) {
    if (
      ['ENOTEMPTY', 'EEXIST', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '') &&
      isEntry(folder)
    )
      return 'exists';
    throw error;
  } finally {
    dropStaging(staging);
  }
}

function isEntry(folder: string): boolean {
  return readEntry(folder) !== undefined;
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
    const folder = join(store.root, 'v1', folderOf(space));
    const exact = readEntry(join(folder, digest([key])));
    if (exact !== undefined) return exact;
    const all = listEntries(folder);
    for (const prefix of [key, ...restoreKeys]) {
      const found = all.find(({ metadata }) => metadata.key.startsWith(prefix));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Newest first. */
function listEntries(folder: string): Entry[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  const entries = names.map((name) => readEntry(join(folder, name))).filter((entry) => entry !== undefined);
  return entries.sort((one, other) => other.metadata.createdAt - one.metadata.createdAt);
}

/** `undefined` when there is no entry that can be read. */
export function readEntry(folder: string): Entry | undefined {
  try {
    const metadata = JSON.parse(readFileSync(join(folder, 'metadata.json'), 'utf8')) as Metadata;
    return typeof metadata.key === 'string' && Array.isArray(metadata.trees)
      ? { folder, metadata }
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Puts the entry's trees to `targets`, in the order of `metadata.trees`: all of them or none. What was there goes away.
 * An entry that does not hold what it should is put into quarantine.
 * @returns `broken` then, with nothing changed in the targets
 * @throws Error from the file system of the targets
 */
export function restoreEntry(store: Store, entry: Entry, targets: readonly Path[]): 'restored' | 'broken' {
  const { trees } = entry.metadata;
  if (trees.length !== targets.length)
    throw new Error(`The entry has ${trees.length} trees, and ${targets.length} targets were given`);
  const moves = trees.map((tree, index) => ({
    source: Buffer.from(join(entry.folder, `tree-${index}`)),
    target: targets[index] as Path,
    isWhole: (copied: Contents) => sameContents(copied, tree),
  }));
  // Before the copy, so that nobody evicts it meanwhile.
  stampUse(entry);
  return placeTrees(moves) ? 'restored' : quarantine(store, entry);
}

function quarantine(store: Store, entry: Entry): 'broken' {
  renameSync(entry.folder, join(store.root, 'quarantine', randomUUID()));
  return 'broken';
}

/** For eviction by last use: access times are not kept on many disks. */
function stampUse({ folder }: Entry): void {
  try {
    writeFileSync(join(folder, 'used'), '');
  } catch {
    // A store that may only be read serves all the same.
  }
}
