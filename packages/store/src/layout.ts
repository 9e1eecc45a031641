import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';

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
const folders = [format, 'staging', 'quarantine', 'leases', 'locks'];

/** Backup programs leave such a folder out. Source: the Cache Directory Tagging Specification, bford.info/cachedir. */
const cacheTag = `Signature: 8a477f597d28d172789f06886806bc55
# This is a cache of Runner Actions (restore-local-cache). It may be deleted while no job runs.
`;

/**
 * Opens the store at `path`, and makes it where it is not there yet.
 * @throws Error when the root is a link, others than its user or group may write it, or it cannot be made
 */
export function openStore(path: string): Store {
  const root = resolve(path);
  if (lstatSync(root, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new Error(`The store ${root} is a link or a file. Name a folder.`);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const entry = lstatSync(root);
  const shared = process.platform !== 'win32' && (entry.mode & 0o2070) === 0o2070;
  const user = process.getuid?.();
  if (user !== undefined && entry.uid !== user && !shared) {
    throw new Error(
      `The store ${root} belongs to another user (${entry.uid}). Name a folder of user ${user}, or share it with a group: chgrp GROUP, chmod 2770.`,
    );
  }
  // Whoever may write here could put another folder in the place of ours. Its mode is the owner's to change.
  if (process.platform !== 'win32' && (entry.mode & (shared ? 0o002 : 0o022)) !== 0) {
    throw new Error(`The store ${root} can be written by other users. Take that away: chmod 700, or 2770.`);
  }
  const store = { root, mode: shared ? 0o2770 : 0o700, readOnly: isReadOnly(root) };
  if (store.readOnly) return store;
  // What is made in it is the group's to write; the modes of cached files are set one by one, whatever this says.
  if (shared) process.umask(process.umask() & 0o707);
  for (const name of folders) makeFolder(store, join(root, name));
  writeOnce(join(root, 'CACHEDIR.TAG'), cacheTag);
  takeReserve(store);
  return store;
}

/** A new root may always be written; of one that holds entries, the system is asked. */
function isReadOnly(root: string): boolean {
  try {
    accessSync(join(root, format));
  } catch {
    return false;
  }
  try {
    accessSync(join(root, format), constants.W_OK);
    return false;
  } catch {
    return true;
  }
}

/** @throws Error that says so where nothing can be saved */
export function requireWritable({ root, readOnly }: Store): void {
  if (readOnly) throw new Error(`The store ${root} may only be read`);
}

function writeOnce(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch {
    // It is there already, or the disk is full: nothing depends on it.
  }
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
