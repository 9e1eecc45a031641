import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreUnusable } from './unusable.ts';

/**
 * A store that was opened: its folder is there, and this user may write it. Below the root:
 * `v3/REPOSITORY/SCOPE/VERSION/KEY/` an entry each (names are digests), and `keys` beside the entries of a version;
 * `leases/` what jobs hold; `staging/` what is being made or thrown away; `quarantine/` entries that were not whole; `locks/`.
 * The format is in the name of the first folder: another version has another one, and neither touches the other.
 */
export interface Store {
  root: string;
  /** Of the folders that are made here: 0700, or 2770 where the root is shared by a group. */
  mode: number;
  /** It is mounted read-only, or another user's: it serves, and takes nothing. */
  readOnly: boolean;
}

export const format = 'v3';
/** @throws StoreUnusable where nothing can be saved */
export function requireWritable({ root, readOnly }: Store): void {
  if (readOnly) throw new StoreUnusable(`The store ${root} may only be read`);
}

/** Room on the disk for what an eviction itself writes, its locks above all: else a full disk could not be emptied. */
const reserve = 1 << 16;

/** Takes the reserve, where nobody has. On a disk that is full by now there is none. */
export function takeReserve({ root }: Store): void {
  const path = join(root, 'reserve');
  if (existsSync(path)) return;
  try {
    // No file system makes this smaller.
    writeFileSync(path, randomBytes(reserve), { flag: 'wx', mode: 0o660 });
  } catch {
    // It is there, in full or in part.
  }
}

/** Gives the room back to the disk, for whoever evicts now. */
export function releaseReserve({ root }: Store): void {
  rmSync(join(root, 'reserve'), { force: true });
}

/** Makes a folder of the store, and those above it. */
export function makeFolder({ root, mode }: Store, folder: string): void {
  const made = mkdirSync(folder, { recursive: true, mode });
  // The process's umask took the group's share away.
  if (made === undefined || mode === 0o700) return;
  const parts = folder.slice(root.length + 1).split('/');
  for (const index of parts.keys()) {
    const path = join(root, ...parts.slice(0, index + 1));
    if (path.startsWith(made)) chmodSync(path, mode);
  }
}

/** Makes one folder by one call. */
export function makeOne({ mode }: Store, folder: string): void {
  mkdirSync(folder, { mode });
  if (mode !== 0o700) chmodSync(folder, mode);
}
