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
import { pathToBytes } from './byte-paths.ts';
import { isOwnFolder, tryReadRecord, writeRecord } from './records.ts';
import { removeStagingFolder } from './staging.ts';
import type { OnProgress } from './progress.ts';
import { verifyContent } from './verify.ts';

/**
 * A job's reference to its lease: JSON that is small enough for an environment variable. Other users who write the
 * store can change the lease's files, but not this reference.
 */
export interface Lease {
  /** Path of the lease's folder. */
  folder: string;
  /** `folderId` of that folder. */
  id: string;
  /** SHA-256 of `lease.json`, in hexadecimal digits. */
  sha256: string;
}

/**
 * What other processes read about a lease. `copy`: the job uses a copy of the entry's trees. `pin`: links lead into the
 * entry itself.
 */
interface Hold {
  kind: 'copy' | 'pin';
  /** The entry's folder, relative to the root: a container may mount the store at another path. */
  entry: string;
}

/** The contents of `lease.json`. */
export interface LeaseRecord extends Hold {
  /** `identityOf` the entry. */
  identity: string;
  /** SHA-256 of each tree's inventory in the lease's folder. */
  inventories: string[];
  /** Where the trees were put. */
  targets: { path: string; kind: Kind; inode: number; changed: number }[];
}

/** The contents of `ready.json`: a ready copy that no job uses. It is in a folder that only its user can write. */
interface ReadyRecord {
  /** Folder of the copied entry, relative to the store's root. */
  entry: string;
  /** `identityOf` the copied entry. Another entry may be in that folder by now. */
  identity: string;
  /** The root of each tree at check-in. Renaming the parent folder does not change these values. */
  roots: { kind: Kind; inode: number; changed: number }[];
  /** As in `LeaseRecord`. */
  inventories: string[];
}

/** Maximum bytes of `lease.json` and `ready.json`, which this user wrote. Globs may match thousands of trees. */
const maxRecordBytes = 1 << 26;
/** Maximum bytes of `hold.json`, which any user of the store may have written. */
const maxHoldBytes = 1 << 14;

/**
 * Creates the folder of a new lease on the store's file system. Its name holds the job: the lease is valid while the
 * job lives.
 */
export function makeLease(store: Store, owner: Owner): string {
  const folder = nameLease(store, owner);
  makePrivateFolder(store, folder);
  return folder;
}

function nameLease({ root }: Store, owner: Owner): string {
  return join(root, 'leases', `${ownerName(owner)}_${randomUUID()}`);
}

/**
 * Writes `hold.json`, which tells other processes what the job holds. Call it before anything leaves the lease's
 * folder.
 */
export function writeHold(store: Store, folder: string, kind: Hold['kind'], entry: Entry): void {
  const path = join(safeFolder(store, folder), 'hold.json');
  const hold: Hold = { kind, entry: relative(store.root, entry.folder) };
  writeRecord(path, JSON.stringify(hold));
  setGroup(store, path, 0o640);
  setFolderGroup(store, safePath(store, folder), 0o750);
}

/**
 * Writes `lease.json` with the inodes of the restored targets.
 * @param inventories SHA-256 of each tree's inventory
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
  const placedTargets = targets.map((path) => {
    const { kind: what, inode, changed } = readItem(path, '');
    return { path, kind: what, inode, changed };
  });
  const of = { entry: relative(store.root, entry.folder), identity: identityOf(entry) };
  const held: LeaseRecord = { kind, ...of, inventories, targets: placedTargets };
  const text = JSON.stringify(held);
  writeRecord(join(safeFolder(store, folder), 'lease.json'), text);
  return { lease: { folder, id: folderId(safePath(store, folder)) ?? '', sha256: digest([text]) }, held };
}

/** Reads a job's lease. Returns `undefined` if it is gone, or if another user changed it. */
export function readLease(store: Store, { folder, id, sha256 }: Lease): LeaseRecord | undefined {
  const isSameFolder = (): boolean =>
    isOwnFolder(safePath(store, folder)) && folderId(safePath(store, folder)) === id;
  if (dirname(folder) !== join(store.root, 'leases') || !isSameFolder()) return undefined;
  return tryReadRecord(join(safeFolder(store, folder), 'lease.json'), maxRecordBytes, (text) =>
    digest([text]) === sha256 ? (JSON.parse(text) as LeaseRecord) : undefined,
  );
}

/** Returns the folders of the entries that running jobs hold. */
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

/** Lists the ready copies of an entry that this user's jobs can take. */
function readyCopies({ root }: Store, entry: Entry): string[] {
  return listFolders(join(entry.folder, 'copies'), isUuid).filter((copy) => {
    const ready = readReadyRecord(copy);
    return ready?.identity === identityOf(entry) && ready.entry === relative(root, entry.folder);
  });
}

/**
 * Takes a ready copy of the entry for a job, by a rename: if many jobs want it, one of them gets it. Deletes a copy
 * that changed since its check-in.
 * @returns the lease's folder with the trees, and the digests of their inventories; `undefined` if there is no ready
 * copy
 */
export function takeReadyCopy(
  store: Store,
  entry: Entry,
  owner: Owner,
  verify: 'off' | 'stat' | 'full',
  tick?: OnProgress,
): TakenCopy | undefined {
  for (const copy of readyCopies(store, entry)) {
    const lease = nameLease(store, owner);
    try {
      renameSync(safePath(store, copy), safePath(store, lease));
    } catch {
      // Another job took it first.
      continue;
    }
    const leasePath = safeFolder(store, lease);
    const ready = readReadyRecord(leasePath);
    if (
      ready !== undefined &&
      isUnchanged(leasePath, ready, entry, verify) &&
      (verify !== 'full' || matchesEntry(entry, leasePath, tick))
    )
      return { folder: lease, inventories: ready.inventories };
    removeStagingFolder(lease);
  }
  return undefined;
}

/** A copy that a job has taken. */
export interface TakenCopy {
  folder: string;
  /** As in `LeaseRecord`. */
  inventories: string[];
}

/**
 * Returns whether the trees are unchanged since the check-in. A root that is a symlink never counts as unchanged: work
 * on the tree would happen where the symlink leads.
 */
function isUnchanged(
  lease: string,
  { roots }: ReadyRecord,
  { metadata: { trees } }: Entry,
  verify: 'off' | 'stat' | 'full',
): boolean {
  if (roots.length !== trees.length) return false;
  return roots.every(({ kind, inode, changed }, index) => {
    const stats = lstatSync(pathToBytes(treePath(lease, index)), { throwIfNoEntry: false });
    if (stats?.ino !== inode || kindOf(stats) !== kind || kind === 'link') return false;
    return verify === 'off' || stats.ctimeMs === changed;
  });
}

/**
 * Returns whether a copy contains what the entry's inventory lists, and nothing else. The copy's own inventory cannot
 * be trusted for that.
 */
function matchesEntry({ folder, metadata }: Entry, lease: string, tick: OnProgress | undefined): boolean {
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

/** Reads `ready.json`. Returns `undefined` if there is no ready copy, or if another user could have written it. */
function readReadyRecord(folder: string): ReadyRecord | undefined {
  // A path below /proc/self/fd is itself a symlink, so `/.` checks the folder that it leads to.
  if (!isOwnFolder(`${folder}/.`)) return undefined;
  return tryReadRecord(join(folder, 'ready.json'), maxRecordBytes, (text) => {
    const ready = JSON.parse(text) as ReadyRecord;
    return Array.isArray(ready.roots) && Array.isArray(ready.inventories) ? ready : undefined;
  });
}

/**
 * Turns a lease's folder into a ready copy of its entry.
 * @param maxCopies how many ready copies of the entry this user may have
 * @param inventories as in `LeaseRecord`
 * @returns false if the entry is gone, or has enough copies
 */
export function returnCopy(
  store: Store,
  { folder: lease, inventories }: TakenCopy,
  entry: Entry,
  maxCopies: number,
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
  const publish = (): boolean => {
    if (!isCurrent(entry) || readyCopies(store, entry).length >= maxCopies) return false;
    const copies = join(entry.folder, 'copies');
    makeFolder(store, copies);
    renameSync(safePath(store, lease), safePath(store, join(copies, randomUUID())));
    return true;
  };
  // The lock prevents an eviction meanwhile, which would leave a folder that is no entry.
  return withEntryLock(store, entry.folder, publish) ?? false;
}
