import { lstatSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Deadline } from '@runner-actions/core';
import {
  type DirectoryHandle,
  closeDirectory,
  makeWritable,
  openDirectory,
  entryPath,
} from './directory-handle.ts';
import { closeFolder, type Folder } from './folder.ts';
import { moveEntry } from './move-entry.ts';
import { decodeName } from './file-names.ts';
import { emptyByPath } from './remove-by-path.ts';

/** An entry that could not be removed, and why. */
export interface Residue {
  path: string;
  reason: string;
}

export interface Removal {
  files: number;
  directories: number;
  /** Bytes of freed blocks. A file that has other hard links frees none. */
  freedBytes: number;
  residue: Residue[];
  /** Number of entries that `keep` kept, and of directories that stayed because something in them may be kept. */
  kept: number;
  /**
   * If an entry stayed because another user owns it or because it is immutable: the reason and what to do, as the end
   * of a sentence. Otherwise ''.
   */
  blocked: string;
  /** False if the deadline passed first. Another call can remove the rest. */
  finished: boolean;
}

export interface RemoveOptions {
  deadline?: Deadline;
  /**
   * Decides whether to keep an entry. `path` is relative to the directory, with names in the form of `decodeName`.
   * With `keep` a directory stays with all its contents; with `remove` it may be moved as a whole.
   */
  keep?: (path: string, isDirectory: boolean) => 'keep' | 'remove' | 'look inside';
  /**
   * Returns the folder for a directory that cannot be removed because another user owns entries in it. The directory
   * is moved there instead. `parent` is the relative path of its parent. The returned folder is closed afterwards.
   */
  aside?: (parent: string) => Folder;
}

interface Walk {
  root: DirectoryHandle;
  options: RemoveOptions;
  removal: Removal;
  /** Directories that were moved to the top and are not yet removed, with their original relative paths. */
  hoisted: Pick<Place, 'name' | 'relative'>[];
}

interface Place {
  name: Buffer;
  path: Buffer;
  relative: string;
  isDirectory: boolean;
  /** Number of directories below the top. */
  depth: number;
}

/**
 * Directories below this depth are moved to the top first, so that a very deep tree does not use up handles or the
 * stack.
 */
const maxDepth = 100;

/**
 * Removes the contents of a directory; the directory itself stays. It works on open directories, so that a link that
 * replaces a directory cannot redirect it. It never enters another mount, not even a bind mount of the same file
 * system. It removes links and does not follow them. On systems other than Linux it uses Node's own removal, entry by
 * entry.
 * @throws Error if the directory itself cannot be opened
 */
export function emptyDirectory(target: string | Folder, options: RemoveOptions = {}): Removal {
  const removal = nothingRemoved();
  const path = typeof target === 'string' ? target : target.path;
  if (process.platform !== 'linux') return emptyByPath(path, options, removal);
  const handle = typeof target === 'string' ? undefined : target.handle;
  const root = handle ?? openDirectory(path);
  try {
    const walk: Walk = { root, options, removal, hoisted: [] };
    const top = { path: Buffer.from(path), relative: '', depth: 0 };
    emptyOpenDirectory(walk, root, top);
    for (let next = walk.hoisted.pop(); next !== undefined; next = walk.hoisted.pop())
      removeEntry(walk, root, { ...placeIn(top, next.name, true), relative: next.relative });
    return removal;
  } finally {
    if (handle === undefined) closeDirectory(root);
  }
}

/** Returns the result of a removal that removed nothing. */
export function nothingRemoved(): Removal {
  return { files: 0, directories: 0, freedBytes: 0, residue: [], kept: 0, blocked: '', finished: true };
}

type Parent = Pick<Place, 'path' | 'relative' | 'depth'>;

function placeIn(parent: Parent, name: Buffer, isDirectory: boolean): Place {
  const text = decodeName(name);
  return {
    name,
    path: Buffer.concat([parent.path, Buffer.from('/'), name]),
    relative: parent.relative === '' ? text : `${parent.relative}/${text}`,
    isDirectory,
    depth: parent.depth + 1,
  };
}

/** @returns whether the directory is empty now */
function emptyOpenDirectory(walk: Walk, directory: DirectoryHandle, parent: Parent): boolean {
  let empty = true;
  const entries = retryWritable(directory, () =>
    readdirSync(entryPath(directory, '.'), { withFileTypes: true, encoding: 'buffer' }),
  );
  for (const entry of entries) {
    if (walk.options.deadline?.remaining() === 0) {
      walk.removal.finished = false;
      return false;
    }
    empty = removeEntry(walk, directory, placeIn(parent, entry.name, entry.isDirectory())) && empty;
  }
  return empty;
}

/** @returns whether the entry is gone */
function removeEntry(walk: Walk, directory: DirectoryHandle, place: Place): boolean {
  const verdict = walk.options.keep?.(place.relative, place.isDirectory) ?? 'remove';
  if (verdict === 'remove')
    return place.isDirectory ? removeOrSetAside(walk, directory, place) : tryRemove(walk, directory, place);
  const isGone = verdict === 'look inside' && place.isDirectory && tryRemove(walk, directory, place);
  if (!isGone) walk.removal.kept += 1;
  return isGone;
}

function tryRemove(walk: Walk, directory: DirectoryHandle, place: Place): boolean {
  try {
    if (place.isDirectory) return removeDirectory(walk, directory, place);
    removeFile(walk, directory, place.name);
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return true;
    const isBlocked = code === 'EACCES' || code === 'EPERM';
    if (isBlocked) walk.removal.blocked = `${whyBlocked(directory, place.name)}; remove it as root`;
    const reason = isBlocked ? `no permission: ${walk.removal.blocked}` : (explainFileError(code) ?? message);
    walk.removal.residue.push({ path: place.path.toString(), reason });
    return false;
  }
}

/**
 * Explains why this user cannot remove an entry: another user owns the entry or its directory, or the entry is
 * immutable.
 */
function whyBlocked(directory: DirectoryHandle, name: Buffer): string {
  try {
    const owners = [name, Buffer.from('.')].map((entry) => lstatSync(entryPath(directory, entry)).uid);
    const other = owners.find((uid) => uid !== process.geteuid?.());
    if (other === undefined) return 'it is immutable (see chattr)';
    return `it belongs to another user (${other === 0 ? 'root' : `number ${other}`})`;
  } catch {
    return 'it belongs to another user';
  }
}

/**
 * Removes a directory. If an entry in it cannot be removed, moves aside the smallest directory around that entry that
 * can be moved.
 */
function removeOrSetAside(walk: Walk, directory: DirectoryHandle, place: Place): boolean {
  if (place.depth > maxDepth && hoist(walk, directory, place)) return true;
  const { removal, options } = walk;
  const { blocked, kept, residue } = { ...removal, residue: removal.residue.length };
  removal.blocked = '';
  if (tryRemove(walk, directory, place)) {
    removal.blocked = blocked;
    return true;
  }
  const mayMove = removal.blocked !== '' && removal.finished && removal.kept === kept;
  const path = mayMove ? setAside(options, directory, place) : undefined;
  if (path !== undefined)
    removal.residue.splice(residue, Infinity, { path, reason: movedAway(removal.blocked) });
  removal.blocked = blocked || (path === undefined ? removal.blocked : '');
  return path !== undefined;
}

/** Returns the reason of a residue that was moved away. @param why the reason that it could not be removed */
export const movedAway = (why: string): string =>
  `moved out of the workspace, because it could not be removed: ${why}`;

/** Moves a directory aside. @returns its new path; `undefined` if it could not be moved */
function setAside(
  { aside }: RemoveOptions,
  parent: DirectoryHandle,
  { path, relative, name }: Place,
): string | undefined {
  if (aside === undefined) return undefined;
  let into: Folder | undefined;
  try {
    into = aside(relative.split('/').slice(0, -1).join('/'));
    moveEntry(folderOf(path, parent), name, into);
    return join(into.path, name.toString());
  } catch {
    // The residue that was already reported says why it stays.
    return undefined;
  } finally {
    if (into !== undefined) closeFolder(into);
  }
}

function removeFile({ removal }: Walk, directory: DirectoryHandle, name: Buffer): void {
  const path = entryPath(directory, name);
  const { blocks, nlink } = retryWritable(directory, () => lstatSync(path));
  retryWritable(directory, () => unlinkSync(path));
  removal.files += 1;
  if (nlink === 1) removal.freedBytes += blocks * 512;
}

function removeDirectory(walk: Walk, parent: DirectoryHandle, place: Place): boolean {
  const directory = openDirectory(entryPath(parent, place.name), walk.root);
  try {
    if (!emptyOpenDirectory(walk, directory, place)) return false;
  } finally {
    closeDirectory(directory);
  }
  retryWritable(parent, () => rmdirSync(entryPath(parent, place.name)));
  walk.removal.directories += 1;
  return true;
}

/**
 * Moves a very deep directory to the top, to be removed from there. A directory that contains a mount, or that
 * another user owns, stays where it is.
 * @returns whether it was moved
 */
function hoist({ root, hoisted }: Walk, parent: DirectoryHandle, { path, name, relative }: Place): boolean {
  const unique = Buffer.from(`.removing-${randomUUID()}`);
  try {
    moveEntry(folderOf(path, parent), name, folderOf(path, root), unique);
  } catch {
    return false;
  }
  hoisted.push({ name: unique, relative });
  return true;
}

const folderOf = (entry: Buffer, handle: DirectoryHandle): Folder => ({
  path: dirname(entry.toString()),
  handle,
});

function retryWritable<T>(directory: DirectoryHandle, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    // Try again even if the directory is writable now: another clean-up may have made it writable a moment ago.
    makeWritable(directory);
    return act();
  }
}

/** Explains the code of a file system error, or of a `refusal`, to a user who finds an entry that was not removed. */
export function explainFileError(code: string | undefined): string | undefined {
  const reasons: Record<string, string> = {
    LINK: 'it is a link',
    FILE: 'it is not a folder',
    MOUNT: 'another file system is mounted there',
    EBUSY: 'something is mounted there, or it is in use',
    EACCES: 'no permission: it belongs to another user',
    EPERM: 'not permitted: it is immutable, or belongs to another user',
    EROFS: 'the file system is read-only',
    ENOTEMPTY: 'something was added during the removal',
    ELOOP: 'it was replaced by a link during the removal',
    ENOTDIR: 'it was replaced during the removal',
  };
  return code === undefined ? undefined : reasons[code];
}
