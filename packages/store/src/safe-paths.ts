import { closeSync, constants, openSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Store } from './store.ts';
import { baseOf, below, parentOf } from './byte-paths.ts';
import { StoreUnusable } from './store-errors.ts';

/**
 * If several users write a store, each of them can replace any folder in it with a symlink, between any two calls. So
 * the store does not use paths of several parts. It opens each folder on the way without following symlinks, and
 * reaches files through the last one (`/proc/self/fd/N/name`): a safe path. On systems other than Linux, and in a store
 * of one user, a safe path is the plain path.
 */

const { O_RDONLY, O_DIRECTORY = 0, O_NOFOLLOW = 0 } = constants;

interface OpenFolder {
  file: number;
  /** The folder's path when it was opened, for messages. */
  folder: string;
}

const openFolders: OpenFolder[] = [];

/** Runs `act`, then closes all folders that it opened. Errors that it throws get the paths that users know. */
export function withSafePaths<T>(act: () => T): T {
  const before = openFolders.length;
  try {
    return act();
  } catch (error) {
    throw withNames(error);
  } finally {
    for (const { file } of openFolders.splice(before)) closeSync(file);
  }
}

function withNames(error: unknown): unknown {
  if (error instanceof Error)
    for (const { file, folder } of openFolders)
      error.message = error.message.replaceAll(`${fdPath(file)}/`, `${folder}/`);
  return error;
}

/**
 * Returns a safe path to a file or folder of the store. Its parent stays open until `withSafePaths` ends. The last part
 * may be a symlink: calls must not follow it.
 * @throws StoreUnusable if a folder on the way is a file or a symlink; Error from the file system
 */
export function safePath(store: Store, path: string): string {
  if (!needsSafePaths(store)) return path;
  const names = relative(store.root, path).split(sep);
  const name = names.pop() ?? '';
  return join(track(openPath(store.root, names), join(store.root, ...names)), name);
}

/**
 * Returns a safe path to a folder of the store, which stays open until `withSafePaths` ends.
 * @throws as `safePath`
 */
export function safeFolder(store: Store, folder: string): string {
  return needsSafePaths(store)
    ? track(openPath(store.root, relative(store.root, folder).split(sep)), folder)
    : folder;
}

/**
 * Like `safeFolder`, but the folder stays open until `close` is called: for asynchronous work.
 * @throws as `safePath`
 */
export function openSafeFolder(store: Store, folder: string): { path: string; close: () => void } {
  if (!needsSafePaths(store)) return { path: folder, close: () => undefined };
  const file = openPath(store.root, relative(store.root, folder).split(sep));
  return { path: fdPath(file), close: () => closeSync(file) };
}

function needsSafePaths({ group }: Store): boolean {
  return group !== undefined && process.platform === 'linux';
}

function track(file: number, folder: string): string {
  openFolders.push({ file, folder });
  return fdPath(file);
}

function fdPath(file: number): string {
  return `/proc/self/fd/${file}`;
}

function openPath(root: string, names: readonly string[]): number {
  let file = openFolder(root);
  for (const [index, name] of names.entries()) {
    const parent = file;
    try {
      file = openFolder(join(fdPath(parent), name));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOTDIR' && code !== 'ELOOP') throw error;
      const path = join(root, ...names.slice(0, index + 1));
      throw new StoreUnusable(`${path}, a folder of the store, is a link or a file. Remove it.`);
    } finally {
      closeSync(parent);
    }
  }
  return file;
}

/**
 * Opens a folder without following a symlink.
 * @throws Error from the file system: with code ENOTDIR or ELOOP for a symlink
 */
export function openFolder(path: string | Buffer): number {
  return openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

/** Resolves the items of a tree to safe paths, if other users may change the tree meanwhile. */
export interface TreeReader {
  /**
   * @param path below the tree, one character per byte
   * @throws Error as `openFolder`
   */
  pathOf: (path: string) => string;
  close: () => void;
}

/**
 * Returns a reader of a tree that other users may change.
 * @param root a path that no other user can change
 */
export function safeTreeReader(root: string): TreeReader {
  const open: { path: string; file: number }[] = [];
  const close = (): void => {
    for (const { file } of open.splice(0)) closeSync(file);
  };
  const isAround = (folder: string, path: string): boolean =>
    folder === '' || path === folder || path.startsWith(`${folder}/`);
  const folderAt = (path: string): number => {
    for (let last = open.at(-1); last !== undefined && !isAround(last.path, path); last = open.at(-1))
      closeSync((open.pop() as { file: number }).file);
    if (open.length === 0) open.push({ path: '', file: openFolder(Buffer.from(root, 'latin1')) });
    let last = open.at(-1) as { path: string; file: number };
    while (last.path !== path) {
      const rest = path.slice(last.path === '' ? 0 : last.path.length + 1);
      const name = rest.split('/', 1)[0] ?? '';
      const file = openFolder(Buffer.from(join(fdPath(last.file), name), 'latin1'));
      last = { path: below(last.path, name), file };
      open.push(last);
    }
    return last.file;
  };
  return {
    pathOf: (path) => (path === '' ? root : below(fdPath(folderAt(parentOf(path))), baseOf(path))),
    close,
  };
}

/** Returns a reader of a tree that only this user changes. */
export function plainTreeReader(root: string): TreeReader {
  return { pathOf: (path) => below(root, path), close: () => undefined };
}
