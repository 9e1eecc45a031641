import { randomUUID } from 'node:crypto';
import { lstatSync, renameSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { isDead, type Owner, ownerName, readOwnerName } from '@runner-actions/host';
import { withEntryLock } from './entry-lock.ts';
import { passClockStep } from './clock.ts';
import { TreeMismatch } from './copy-file.ts';
import {
  type Entry,
  folderId,
  listFolders,
  identityOf,
  isCurrent,
  requireInventoryOf,
  treePath,
} from './entry.ts';
import { kindOf, readItem } from './inventory.ts';
import { type Kind } from './item.ts';
import { expectFitsDisk } from './disk-size.ts';
import { digest } from './space.ts';
import { safePath, safeFolder } from './safe-paths.ts';
import { setFolderGroup, setGroup, makeFolder, makePrivateFolder } from './layout.ts';
import { type Store } from './store.ts';
import { isOwnerName, isUuid } from './folder-names.ts';
import { toBytes } from './byte-paths.ts';
import { isOwnFolder, tryReadRecord, writeRecord } from './records.ts';
import { dropStaging } from './staging.ts';
import type { Tick } from './progress.ts';
import { verifyContent } from './verify.ts';

/**
 * What a job keeps of its lease, small enough for a variable of the environment. JSON. Who writes the store can change what lies there,
 * and not this.
 */
export interface Lease {
  /** The lease's own folder. */
  folder: string;
  /** `folderId` of it. */
  id: string;
  /** Of the record in it, in hexadecimal digits. */
  sha256: string;
}

/** What others are told. `copy`: a copy of an entry's trees is out at the targets; `pin`: links lead into the entry itself. */
interface Hold {
  kind: 'copy' | 'pin';
  /** The entry's folder below the root, since a container has the store at another place. */
  entry: string;
}

/** The record in a lease's folder. */
export interface LeaseRecord extends Hold {
  /** `identityOf` the entry. */
  identity: string;
  /** The digest of each tree's inventory, as it is in the lease's folder. */
  inventories: string[];
  /** Where the trees are. */
  targets: { path: string; kind: Kind; inode: number; changed: number }[];
}

/** A ready copy that nobody has out. It lies in a folder that only its user may write. */
interface ReadyRecord {
  /** Below the store's root: the folder of the entry that it is a copy of. */
  entry: string;
  /** `identityOf` that: another may have its folder by now. */
  identity: string;
  /** Of each tree's root, as it was checked in: a rename of the folder around it does not change them. */
  roots: { kind: Kind; inode: number; changed: number }[];
  /** As in `Held`. */
  inventories: string[];
}

/** Bytes of a record of this user's own. Globs may name thousands of trees. */
const maxRecordBytes = 1 << 26;
/** Bytes of what others are told. */
const maxHoldBytes = 1 << 14;

/** A new lease's folder, on the store's file system. The job in its name is who it lives with. */
export function makeLease(store: Store, owner: Owner): string {
  const folder = nameLease(store, owner);
  makePrivateFolder(store, folder);
  return folder;
}

function nameLease({ root }: Store, owner: Owner): string {
  return join(root, 'leases', `${ownerName(owner)}_${randomUUID()}`);
}

/** Tells others what is held. Written before anything leaves the lease's folder. */
export function writeHold(store: Store, folder: string, kind: Hold['kind'], entry: Entry): void {
  const path = join(safeFolder(store, folder), 'hold.json');
  const hold: Hold = { kind, entry: relative(store.root, entry.folder) };
  writeRecord(path, JSON.stringify(hold));
  setGroup(store, path, 0o640);
  setFolderGroup(store, safePath(store, folder), 0o750);
}

/**
 * Notes what is in its places by now.
 * @param inventories the digest of each tree's
 * @throws Error from the file system
 */
export function writeLease(
  store: Store,
  folder: string,
  kind: Hold['kind'],
  entry: Entry,
  targets: readonly string[],
  inventories: string[],
): { lease: Lease; held: LeaseRecord } {
  const placed = targets.map((path) => {
    const { kind: what, inode, changed } = readItem(path, '');
    return { path, kind: what, inode, changed };
  });
  const of = { entry: relative(store.root, entry.folder), identity: identityOf(entry) };
  const held: LeaseRecord = { kind, ...of, inventories, targets: placed };
  const text = JSON.stringify(held);
  writeRecord(join(safeFolder(store, folder), 'lease.json'), text);
  return { lease: { folder, id: folderId(safePath(store, folder)) ?? '', sha256: digest([text]) }, held };
}

/** What a job holds; `undefined`: its lease is gone, or another's word. */
export function readLease(store: Store, { folder, id, sha256 }: Lease): LeaseRecord | undefined {
  const isIts = (): boolean =>
    isOwnFolder(safePath(store, folder)) && folderId(safePath(store, folder)) === id;
  if (dirname(folder) !== join(store.root, 'leases') || !isIts()) return undefined;
  return tryReadRecord(join(safeFolder(store, folder), 'lease.json'), maxRecordBytes, (text) =>
    digest([text]) === sha256 ? (JSON.parse(text) as LeaseRecord) : undefined,
  );
}

/** The entries that living jobs hold. */
export function heldEntries({ root }: Store, kinds: readonly Hold['kind'][] = ['copy', 'pin']): Set<string> {
  const folders = listFolders(join(root, 'leases'), isOwnerName).filter((folder) => {
    const owner = readOwnerName(folder.slice(folder.lastIndexOf('/') + 1));
    return owner === undefined || isDead(owner) !== true;
  });
  const holds = folders.map((folder) =>
    tryReadRecord(join(folder, 'hold.json'), maxHoldBytes, (text) => JSON.parse(text) as Hold),
  );
  return new Set(
    holds.flatMap((hold) =>
      typeof hold?.entry === 'string' && kinds.includes(hold.kind) ? [join(root, hold.entry)] : [],
    ),
  );
}

/** The copies of an entry that a job of this user can take. */
function readyCopies({ root }: Store, entry: Entry): string[] {
  return listFolders(join(entry.folder, 'copies'), isUuid).filter((copy) => {
    const ready = readReadyRecord(copy);
    return ready?.identity === identityOf(entry) && ready.entry === relative(root, entry.folder);
  });
}

/**
 * Takes a ready copy of the entry for a job: by a rename, so that of many that want it one gets it. One that is not as it was
 * checked in is thrown away.
 * @returns the lease's folder, with the trees in it, and the digests of their inventories; `undefined`: there is none
 */
export function takeReadyCopy(
  store: Store,
  entry: Entry,
  owner: Owner,
  verify: 'off' | 'stat' | 'full',
  tick?: Tick,
): TakenCopy | undefined {
  for (const copy of readyCopies(store, entry)) {
    const lease = nameLease(store, owner);
    try {
      renameSync(safePath(store, copy), safePath(store, lease));
    } catch {
      // Another job was faster.
      continue;
    }
    const held = safeFolder(store, lease);
    const ready = readReadyRecord(held);
    if (
      ready !== undefined &&
      isUnchanged(held, ready, entry, verify) &&
      (verify !== 'full' || matchesEntry(entry, held, tick))
    )
      return { folder: lease, inventories: ready.inventories };
    dropStaging(lease);
  }
  return undefined;
}

/** A copy in a job's hands. */
export interface TakenCopy {
  folder: string;
  /** As in `Held`. */
  inventories: string[];
}

/** A root that is a link is never one: all that is done in a tree would be done where it leads. */
function isUnchanged(
  lease: string,
  { roots }: ReadyRecord,
  { metadata: { trees } }: Entry,
  verify: 'off' | 'stat' | 'full',
): boolean {
  if (roots.length !== trees.length) return false;
  return roots.every(({ kind, inode, changed }, index) => {
    const stats = lstatSync(toBytes(treePath(lease, index)), { throwIfNoEntry: false });
    if (stats?.ino !== inode || kindOf(stats) !== kind || kind === 'link') return false;
    return verify === 'off' || stats.ctimeMs === changed;
  });
}

/** Whether a copy holds what the entry's inventory says, and nothing else. Its own inventory is no witness. */
function matchesEntry({ folder, metadata }: Entry, lease: string, tick: Tick | undefined): boolean {
  try {
    const entryInventories = metadata.trees.map((_tree, index) => requireInventoryOf(folder, index));
    expectFitsDisk(folder, entryInventories);
    for (const [index, items] of entryInventories.entries())
      verifyContent(treePath(lease, index), items, { tick });
    return true;
  } catch (error) {
    if (error instanceof TreeMismatch) return false;
    throw error;
  }
}

/** `undefined`: it is none, or another user could have written it. */
function readReadyRecord(folder: string): ReadyRecord | undefined {
  // What is held open is a link by its path, so its content is asked.
  if (!isOwnFolder(`${folder}/.`)) return undefined;
  return tryReadRecord(join(folder, 'ready.json'), maxRecordBytes, (text) => {
    const ready = JSON.parse(text) as ReadyRecord;
    return Array.isArray(ready.roots) && Array.isArray(ready.inventories) ? ready : undefined;
  });
}

/**
 * Makes what a lease's folder holds a ready copy of its entry.
 * @param enough how many of them this user may have
 * @param inventories as in `Held`
 * @returns false where the entry is gone, or has enough of them
 */
export function returnCopy(
  store: Store,
  { folder: lease, inventories }: TakenCopy,
  entry: Entry,
  enough: number,
): boolean {
  const here = safeFolder(store, lease);
  const roots = entry.metadata.trees.map((_tree, index) => {
    const { kind, inode, changed } = readItem(treePath(here, index), '');
    return { kind, inode, changed };
  });
  const of = { entry: relative(store.root, entry.folder), identity: identityOf(entry) };
  const ready: ReadyRecord = { ...of, roots, inventories };
  writeRecord(join(here, 'ready.json'), JSON.stringify(ready));
  passClockStep(join(here, 'ready.json'));
  const give = (): boolean => {
    if (!isCurrent(entry) || readyCopies(store, entry).length >= enough) return false;
    const copies = join(entry.folder, 'copies');
    makeFolder(store, copies);
    renameSync(safePath(store, lease), safePath(store, join(copies, randomUUID())));
    return true;
  };
  // Nobody takes the entry away meanwhile, which would leave a folder that is no entry.
  return withEntryLock(store, entry.folder, give) ?? false;
}
