import { randomUUID } from 'node:crypto';
import { readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import {
  isDebris,
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

/** Without an owner that can be judged, a folder is debris after a day; the longest job of a runner of one's own may take five. */
export const staleAfter = { staging: 24 * 3_600_000, leases: 5 * 24 * 3_600_000 };

/** A new folder of this user's own in the store's file system, so that what is made in it can be published by a rename. */
export function makeStaging(store: Store, owner: Owner = ownerOf(process.pid)): string {
  const folder = nameStaging(store, owner);
  makePrivateFolder(store, folder);
  return folder;
}

/** The name says who works in it: made by one call, the folder is never there without its owner. */
function nameStaging({ root }: Store, owner: Owner): string {
  return join(root, 'staging', `${ownerName(owner)}_${randomUUID()}`);
}

/**
 * Removes a folder of `staging` or `leases`.
 * @returns the first thing in it that could not be removed; `undefined`: all is gone
 */
export function dropStaging(folder: string): Residue | undefined {
  if (process.platform !== 'linux') return discard(Buffer.from(folder));
  // Nobody leads elsewhere by a link, in the place of either folder.
  const residue = removeBelow(dirname(dirname(folder)), [basename(dirname(folder)), basename(folder)]);
  return residue?.reason.startsWith('ENOENT') === true ? undefined : residue;
}

/**
 * Throws a folder of the store away: out of the way at once by a rename, so that no reader sees half of it. Nothing is made, which
 * a full disk would refuse.
 * @param left what could not be thrown away, or not be removed then, is added to it
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

/** Takes a folder of the store out of use, for a person to look at. @returns where it is; `undefined`: it is gone, or not ours to take */
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
 * Removes what dead processes and dead jobs left, here and among the leases.
 * @param left what could not be removed is added to it
 * @returns how many folders went
 */
export function sweepStaging(store: Store, now: number = Date.now(), left?: Inaccessible[]): number {
  return removeStagingFolders([...deadIn(store, 'staging', now), ...deadIn(store, 'leases', now)], left);
}

function deadIn(store: Store, kind: 'staging' | 'leases', now: number): string[] {
  const folder = join(store.root, kind);
  return readdirSync(folder)
    .filter(isOwnerName)
    .map((name) => join(folder, name))
    .filter((path) => isDebris(path, staleAfter[kind], now));
}

/** @param left without it, nothing is measured of what stays */
function removeStagingFolders(folders: readonly string[], left: Inaccessible[] | undefined): number {
  let removed = 0;
  for (const folder of folders) {
    const first = dropStaging(folder);
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
