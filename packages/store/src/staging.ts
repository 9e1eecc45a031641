import { randomUUID } from 'node:crypto';
import { readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import {
  isOrphan,
  measureTree,
  mountsBelow,
  type Owner,
  ownerName,
  ownerOf,
  removeBelow,
  type Residue,
} from '@runner-actions/host';
import { discard } from './discard.ts';
import { safePath, withSafePaths } from './safe-paths.ts';
import { makePrivateFolder } from './layout.ts';
import { type Store } from './store.ts';
import { describeOwner, type Inaccessible, reasonFor } from './inaccessible.ts';
import { isOwnerName } from './folder-names.ts';

/**
 * Milliseconds after which a folder is an orphan if its owner cannot be checked. The longest job of a self-hosted
 * runner may take five days.
 */
export const staleAfter = { staging: 24 * 3_600_000, leases: 5 * 24 * 3_600_000 };

/** Creates a private folder on the store's file system. Its contents can be published by a rename. */
export function makeStaging(store: Store, owner: Owner = ownerOf(process.pid)): string {
  const folder = nameStaging(store, owner);
  makePrivateFolder(store, folder);
  return folder;
}

/** The name holds the owner. One call creates the folder, so it is never there without its owner. */
function nameStaging({ root }: Store, owner: Owner): string {
  return join(root, 'staging', `${ownerName(owner)}_${randomUUID()}`);
}

/**
 * Removes a folder of `staging` or `leases`.
 * @returns the first path in it that could not be removed; `undefined` if all is gone
 */
export function removeStagingFolder(folder: string): Residue | undefined {
  if (process.platform !== 'linux') return discard(Buffer.from(folder));
  // `removeBelow` does not follow a symlink in place of either folder.
  const residue = removeBelow(dirname(dirname(folder)), [basename(dirname(folder)), basename(folder)]);
  return residue?.reason.startsWith('ENOENT') === true ? undefined : residue;
}

/**
 * Removes a folder of the store: first moves it to staging by a rename, so that no reader sees half of it. Creates
 * nothing, because a full disk would refuse that.
 * @param left receives what could not be moved or removed
 */
export function removeFolder(store: Store, folder: string, left?: Inaccessible[]): boolean {
  const staging = nameStaging(store, ownerOf(process.pid));
  try {
    withSafePaths(() => renameSync(safePath(store, folder), safePath(store, staging)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      left?.push({ path: folder, bytes: bytesOn(folder), reason: reasonFor(folder, error) });
    return false;
  }
  removeStagingFolders([staging], left);
  return true;
}

/**
 * Moves a folder of the store to quarantine, for a person to inspect.
 * @returns its new path; `undefined` if it is gone, or this user may not move it
 */
export function quarantine(store: Store, folder: string): string | undefined {
  const place = join(store.root, 'quarantine', randomUUID());
  try {
    withSafePaths(() => renameSync(safePath(store, folder), safePath(store, place)));
    return place;
  } catch (error) {
    if (!['ENOENT', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return undefined;
  }
}

/**
 * Removes the orphans of dead processes and jobs in `staging` and `leases`.
 * @param left receives what could not be removed
 * @returns the number of removed folders
 */
export function sweepStaging(store: Store, now: number = Date.now(), left?: Inaccessible[]): number {
  return removeStagingFolders([...deadIn(store, 'staging', now), ...deadIn(store, 'leases', now)], left);
}

function deadIn(store: Store, kind: 'staging' | 'leases', now: number): string[] {
  const folder = join(store.root, kind);
  return readdirSync(folder)
    .filter(isOwnerName)
    .map((name) => join(folder, name))
    .filter((path) => isOrphan(path, staleAfter[kind], now));
}

/** @param left without it, the remaining files are not measured */
function removeStagingFolders(folders: readonly string[], left: Inaccessible[] | undefined): number {
  let removed = 0;
  for (const folder of folders) {
    const first = removeStagingFolder(folder);
    if (first === undefined) removed += 1;
    else left?.push({ path: folder, bytes: bytesOn(folder), reason: explain(folder, first) });
  }
  return removed;
}

function explain(folder: string, { path, reason }: Residue): string {
  const why = reason.startsWith('no permission') ? describeOwner(dirname(path)) : reason;
  return `${relative(folder, path)}: ${why}`;
}

function bytesOn(folder: string): number {
  return measureTree(Buffer.from(folder), mountsBelow(folder)).bytes;
}
