import { accessSync, constants, lstatSync, mkdirSync, type Stats, writeFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { systemFolderOf } from '@runner-actions/host';
import { findForeign, isEmpty, isUnmarkedStore } from './unmarked-root.ts';
import { withSafePaths } from './safe-paths.ts';
import { isPermissionError } from './inaccessible.ts';
import { format, makeFolder, createReserve } from './layout.ts';
import { type Store } from './store.ts';
import { hasMarker, writeMarker, markerName } from './marker.ts';
import { NotAStore, StoreUnusable } from './store-errors.ts';

const folders = [format, 'staging', 'quarantine', 'leases', 'locks'];

/**
 * Backup programs skip a folder with this tag. Source: the Cache Directory Tagging Specification, bford.info/cachedir.
 */
const cacheTag = `Signature: 8a477f597d28d172789f06886806bc55
# This is a cache of Runner Actions (restore-local-cache). It may be deleted while no job runs.
`;

/**
 * Opens the store at `path`, and creates it if the folder is empty or missing. A store from before there were markers
 * gets a marker.
 * @param path absolute
 * @throws NotAStore for a relative path, a system folder, or a folder that holds anything other than a store.
 * StoreUnusable if the root is a symlink or cannot be created, if users outside its owner or group can write it, or if
 * its marker was written by an untrusted user or a newer version.
 */
export function openStore(path: string): Store {
  const root = resolveRoot(path);
  return withHint(root, () => {
    checkKind(root);
    mkdirSync(root, { recursive: true, mode: 0o700 });
    expectStore(root, true);
    return open(root);
  });
}

/**
 * Opens an existing store, for callers who name one. Like `openStore`, but never creates one.
 * @throws NotAStore if there is no store
 */
export function findStore(path: string): Store {
  const root = resolveRoot(path);
  return withHint(root, () => {
    if (checkKind(root) === undefined) throw new NotAStore(`There is no store in ${root}.`);
    expectStore(root, false);
    return open(root);
  });
}

/**
 * Looks at an existing store that has its marker. Changes nothing.
 * @throws NotAStore if there is none; StoreUnusable as `openStore`
 */
export function lookAtStore(path: string): Store {
  const root = resolveRoot(path);
  return withHint(root, () => {
    const entry = checkKind(root);
    if (entry === undefined) throw new NotAStore(`There is no store in ${root}.`);
    if (!hasMarker(root, isTrustedIn(entry)))
      throw new NotAStore(`${root} is not a store: it has no ${markerName}.`);
    return examine(root);
  });
}

/**
 * Checks that a store is at `path` or can be created there. Creates nothing.
 * @throws as `openStore`
 */
export function checkRoot(path: string): void {
  const root = resolveRoot(path);
  if (checkKind(root) !== undefined) expectStore(root, true);
}

function resolveRoot(path: string): string {
  const relative = whyRelative(path);
  if (relative !== undefined) throw new NotAStore(relative);
  const system = systemFolderOf(path);
  if (system !== undefined)
    throw new NotAStore(`The store's root ${path} ${system}. Name a folder of its own.`);
  return resolve(path);
}

/** Returns the problem with a relative root as a message; `undefined` if the path is absolute. */
function whyRelative(path: string): string | undefined {
  if (isAbsolute(path)) return undefined;
  const hint = /^[~$]/.test(path) ? ' `~` and variables are not expanded.' : '';
  return `The store's root '${path}' is relative. Use an absolute path.${hint}`;
}

/**
 * Adds a hint about what to do when the system denies this user access.
 * @throws StoreUnusable
 */
function withHint<T>(root: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const hint = isPermissionError(code) ? hintFor(root) : undefined;
    if (hint === undefined) throw error;
    throw new StoreUnusable(`The store ${root} could not be used: ${message}. ${hint}`);
  }
}

/** Returns `undefined` if the folder belongs to this user, or if this system has no user ids. */
function hintFor(root: string): string | undefined {
  const user = process.geteuid?.();
  if (user === undefined) return undefined;
  const entry = lookUp(root);
  if (entry === undefined)
    return `User ${user} cannot create it. Create it as root: install -d -m 700 -o ${user} ${root}, or for a group: install -d -m 2770 -g GROUP.`;
  if (!isGroupShared(entry)) return entry.uid === user ? undefined : ofOther(entry.uid, user);
  const groups = [process.getegid?.(), ...(process.getgroups?.() ?? [])];
  return groups.includes(entry.gid)
    ? undefined
    : `User ${user} is not in group ${entry.gid}, to which it belongs. Run usermod -aG, then restart the runner.`;
}

function lookUp(root: string): Stats | undefined {
  try {
    return lstatSync(root, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function ofOther(owner: number, user: number): string {
  return `It belongs to another user (${owner}). Name a folder of user ${user}, or share it with a group: chgrp GROUP, chmod 2770.`;
}

/** Returns `undefined` if nothing is there yet. */
function checkKind(root: string): Stats | undefined {
  const entry = lstatSync(root, { throwIfNoEntry: false });
  if (entry?.isDirectory() === false)
    throw new StoreUnusable(`The store ${root} is a link or a file. Name a folder.`);
  return entry;
}

/**
 * Checks that a folder is a store, or empty, before anything in it is touched. Other programs' folders may use the same
 * names.
 */
function expectStore(root: string, mayMake: boolean): void {
  if (hasMarker(root, isTrustedIn(lstatSync(root)))) return;
  if (isEmpty(root)) {
    if (!mayMake)
      throw new NotAStore(
        `There is no store in ${root}: the folder is empty. A job that uses it creates one.`,
      );
    return;
  }
  const foreign = findForeign(root) ?? (isUnmarkedStore(root) ? undefined : 'no entries');
  if (foreign === undefined) return;
  throw new NotAStore(
    `${root} is not empty and is not a store: it has no ${markerName} and contains ${foreign}. Choose an empty folder or an existing store. If it is an old store, move the other files out of it.`,
  );
}

/** The folder's owner could write everything in it anyway. In a group's store, any member may have created the marker. */
function isTrustedIn(entry: Stats): (user: number) => boolean {
  return (user) => isGroupShared(entry) || [0, entry.uid, process.geteuid?.()].includes(user);
}

function isGroupShared(entry: Stats): boolean {
  return process.platform !== 'win32' && (entry.mode & 0o2070) === 0o2070;
}

/** Opens a folder that is known to be a store, and creates what it lacks. */
function open(root: string): Store {
  const store = examine(root);
  if (store.readOnly) return store;
  addMarker(root);
  withSafePaths(() => {
    for (const name of folders) makeFolder(store, join(root, name));
  });
  writeOnce(join(root, 'CACHEDIR.TAG'), cacheTag);
  createReserve(store);
  return store;
}

/**
 * Describes a folder that is known to be a store. Changes nothing.
 * @throws StoreUnusable if another user owns the folder, or could replace what is in it
 */
function examine(root: string): Store {
  const entry = lstatSync(root);
  const shared = isGroupShared(entry);
  const user = process.geteuid?.();
  if (user !== undefined && entry.uid !== user && !shared)
    throw new StoreUnusable(`The store ${root} could not be used. ${ofOther(entry.uid, user)}`);
  // Only the owner can change the mode.
  if (process.platform !== 'win32' && (entry.mode & (shared ? 0o002 : 0o022)) !== 0) {
    throw new StoreUnusable(
      `The store ${root} can be written by other users. Remove that permission: chmod 700, or 2770.`,
    );
  }
  return { root, group: shared ? entry.gid : undefined, readOnly: isReadOnly(root) };
}

/**
 * Writes the marker before anything else is created. A process that is killed then leaves nothing that is not
 * recognised as a store.
 */
function addMarker(root: string): void {
  if (lstatSync(join(root, markerName), { throwIfNoEntry: false }) !== undefined) return;
  try {
    writeMarker(root);
  } catch (error) {
    // An old store on a full disk can be emptied without a marker. It gets one the next time.
    if (isEmpty(root)) throw error;
  }
}

/** Returns whether an existing store is read-only. A new root counts as writable. */
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

function writeOnce(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch {
    // The file exists already, or the disk is full. Nothing depends on it.
  }
}
