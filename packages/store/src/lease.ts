import { randomUUID } from 'node:crypto';
import { lstatSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isDead, type Owner, ownerName, readOwnerName } from '@runner-actions/host';
import { alone } from './alone.ts';
import { passClockStep } from './clock.ts';
import { NotWhole, verifyContent } from './copy.ts';
import { type Entry, foldersIn, identityOf, isCurrent, masterIn, treeIn, writeInventories } from './entry.ts';
import { type Inventory, lookAt, takeInventory } from './inventory.ts';
import { makeFolder, makeOne, type Store } from './layout.ts';
import { toBytes } from './names.ts';
import { dropStaging } from './staging.ts';
import type { Tick } from './progress.ts';

/**
 * What a job holds of an entry. `copy`: a copy of its trees, which is out at the targets; `pin`: the entry itself, since links
 * lead into it.
 */
export interface Lease {
  kind: 'copy' | 'pin';
  /** The entry's folder. Written as it is below the root, since a container has the store at another place. */
  entry: string;
  /** `identityOf` it. */
  identity: string;
  targets: string[];
  /** When each target's own inode changed last, once it was in its place: the rename that put it there changes that of a file. */
  placed?: number[];
}

/** A ready copy that nobody has out. */
interface Ready {
  /** Whose files they are: another user's job could not write them. */
  user: number | undefined;
  /** Of the entry that it is a copy of: another may have its folder by now. */
  identity: string;
  /** Of each tree's root, as it was checked in: a rename of the folder around it does not change them. */
  roots: { inode: number; changed: number }[];
}

/** A new lease's folder, on the store's file system. The job in its name is who it lives with. */
export function makeLease(store: Store, owner: Owner): string {
  const folder = nameLease(store, owner);
  makeOne(store, folder);
  return folder;
}

function nameLease({ root }: Store, owner: Owner): string {
  return join(root, 'leases', `${ownerName(owner)}_${randomUUID()}`);
}

/** Written before anything leaves the lease's folder. */
export function writeLease({ root }: Store, folder: string, lease: Lease): void {
  const text = JSON.stringify({ ...lease, entry: relative(root, lease.entry) });
  writeFileSync(join(folder, 'lease.json'), text, { mode: 0o660 });
}

/** `undefined`: it is gone, or was never whole. */
export function readLease({ root }: Store, folder: string): Lease | undefined {
  try {
    const lease = JSON.parse(readFileSync(join(folder, 'lease.json'), 'utf8')) as Lease;
    return { ...lease, entry: join(root, lease.entry) };
  } catch {
    return undefined;
  }
}

/** The entries that living jobs hold. */
export function heldEntries(store: Store, kinds: readonly Lease['kind'][] = ['copy', 'pin']): Set<string> {
  const folders = foldersIn(join(store.root, 'leases')).filter((folder) => {
    const owner = readOwnerName(folder.slice(folder.lastIndexOf('/') + 1));
    return owner === undefined || isDead(owner) !== true;
  });
  const leases = folders.map((folder) => readLease(store, folder)).filter((lease) => lease !== undefined);
  return new Set(leases.filter(({ kind }) => kinds.includes(kind)).map(({ entry }) => entry));
}

/** The copies of an entry that a job of this user can take. */
function readyCopies(entry: Entry): string[] {
  return foldersIn(join(entry.folder, 'copies')).filter((copy) => {
    const ready = readReady(copy);
    return ready?.user === process.getuid?.() && ready?.identity === identityOf(entry);
  });
}

/**
 * Takes a ready copy of the entry for a job: by a rename, so that of many that want it one gets it. One that is not as it was
 * checked in is thrown away.
 * @returns the lease's folder, with the trees in it; `undefined`: there is none
 */
export function takeReady(
  store: Store,
  entry: Entry,
  owner: Owner,
  verify: 'off' | 'stat' | 'full',
  tick?: Tick,
): string | undefined {
  for (const copy of readyCopies(entry)) {
    const lease = nameLease(store, owner);
    try {
      renameSync(copy, lease);
    } catch {
      // Another job was faster.
      continue;
    }
    if (
      isAsCheckedIn(lease, entry.metadata.trees.length, verify) &&
      (verify !== 'full' || isWhole(entry, lease, tick))
    )
      return lease;
    dropStaging(lease);
  }
  return undefined;
}

function isAsCheckedIn(lease: string, trees: number, verify: 'off' | 'stat' | 'full'): boolean {
  const roots = readReady(lease)?.roots ?? [];
  if (roots.length !== trees) return false;
  return roots.every(({ inode, changed }, index) => {
    const stats = lstatSync(toBytes(treeIn(lease, index)), { throwIfNoEntry: false });
    return stats?.ino === inode && (verify === 'off' || stats.ctimeMs === changed);
  });
}

/** Whether a copy holds what the entry's inventory says, and nothing else. Its own inventory is no witness. */
function isWhole({ folder, metadata }: Entry, lease: string, tick: Tick | undefined): boolean {
  try {
    for (const index of metadata.trees.keys()) {
      const items = masterIn(folder, index);
      verifyContent(treeIn(lease, index), items, { tick });
    }
    return true;
  } catch (error) {
    if (error instanceof NotWhole) return false;
    throw error;
  }
}

function readReady(folder: string): Ready | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'ready.json'), 'utf8')) as Ready;
  } catch {
    return undefined;
  }
}

/** Notes what a copy is like that was just made in a lease's folder, with the digests of what it was made from. */
export function describeCopy(lease: string, masters: readonly Inventory[], tick?: Tick): void {
  const inventories = masters.map((master, index) => {
    const items = takeInventory(treeIn(lease, index), { tick });
    const digests = new Map(master.map(({ path, sha256 }) => [path, sha256]));
    for (const item of items) {
      const sha256 = digests.get(item.path);
      if (sha256 !== undefined) item.sha256 = sha256;
    }
    return items;
  });
  writeInventories(lease, inventories);
}

/**
 * Makes what a lease's folder holds a ready copy of its entry.
 * @param most how many of them this user may have
 * @returns false where the entry is gone, or has enough of them
 */
export function giveBack(store: Store, lease: string, entry: Entry, most: number): boolean {
  const roots = entry.metadata.trees.map((_tree, index) => {
    const { inode, changed } = lookAt(treeIn(lease, index), '');
    return { inode, changed };
  });
  const ready: Ready = { user: process.getuid?.(), identity: identityOf(entry), roots };
  writeFileSync(join(lease, 'ready.json'), JSON.stringify(ready), { mode: 0o660 });
  passClockStep(join(lease, 'ready.json'));
  const give = (): boolean => {
    if (!isCurrent(entry) || readyCopies(entry).length >= most) return false;
    const copies = join(entry.folder, 'copies');
    makeFolder(store, copies);
    renameSync(lease, join(copies, randomUUID()));
    return true;
  };
  // Nobody takes the entry away meanwhile, which would leave a folder that is no entry.
  return alone(store, entry.folder, give) ?? false;
}
