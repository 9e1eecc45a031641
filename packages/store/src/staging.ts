import { randomUUID } from 'node:crypto';
import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { isDebris, type Owner, ownerName, ownerOf } from '@runner-actions/host';
import { discard } from './discard.ts';
import { makeOne, type Store } from './layout.ts';

/** Without an owner that can be judged, a folder is debris after a day; the longest job of a runner of one's own may take five. */
const patience = { staging: 24 * 3_600_000, leases: 5 * 24 * 3_600_000 };

/** A new folder in the store's own file system, so that what is made in it can be published by a rename. */
export function makeStaging(store: Store, owner: Owner = ownerOf(process.pid)): string {
  const folder = nameStaging(store, owner);
  makeOne(store, folder);
  return folder;
}

/** The name says who works in it: made by one call, the folder is never there without its owner. */
function nameStaging({ root }: Store, owner: Owner): string {
  return join(root, 'staging', `${ownerName(owner)}_${randomUUID()}`);
}

export function dropStaging(folder: string): void {
  discard(Buffer.from(folder));
}

/**
 * Throws a folder of the store away: out of the way at once by a rename, so that no reader sees half of it. Nothing is made, which
 * a full disk would refuse.
 */
export function throwAway(store: Store, folder: string): boolean {
  const staging = nameStaging(store, ownerOf(process.pid));
  try {
    renameSync(folder, staging);
  } catch {
    return false;
  }
  dropStaging(staging);
  return true;
}

/** Takes a folder of the store out of use, for a person to look at. @returns where it is; `undefined`: it is gone, or not ours to take */
export function quarantine({ root }: Store, folder: string): string | undefined {
  const place = join(root, 'quarantine', randomUUID());
  try {
    renameSync(folder, place);
    return place;
  } catch (error) {
    if (!['ENOENT', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return undefined;
  }
}

/** Removes what dead processes and dead jobs left, here and among the leases. @returns how many folders */
export function sweepStaging(store: Store, now: number = Date.now()): number {
  return sweep(store, 'staging', now) + sweep(store, 'leases', now);
}

function sweep(store: Store, kind: 'staging' | 'leases', now: number): number {
  const folder = join(store.root, kind);
  const dead = readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => isDebris(path, patience[kind], now));
  for (const path of dead) dropStaging(path);
  return dead.length;
}
