import { lstatSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Deadline } from '@runner-actions/core';
import { type Anchor, closeAnchor, makeWritable, openAnchor, within } from './directory-handle.ts';
import { closeFolder, type Folder } from './folder.ts';
import { moveEntry } from './move-entry.ts';
import { decodeName } from './file-names.ts';
import { emptyByPath } from './remove-by-path.ts';

/** What could not be removed, and why. */
export interface Residue {
  path: string;
  reason: string;
}

export interface Removal {
  files: number;
  directories: number;
  /** Blocks that were given back: a file with further hard links gives none. */
  freedBytes: number;
  residue: Residue[];
  /** Entries that `keep` kept, and directories that stayed since something in them may be kept. */
  kept: number;
  /** Why something stayed that another user owns, or that is immutable, and what to do, in words that end a sentence; else ''. */
  blocked: string;
  /** False when the deadline came first; what is left can be removed by another call. */
  finished: boolean;
}

export interface RemoveOptions {
  deadline?: Deadline;
  /**
   * Whether to keep an entry, by its path relative to the directory, names as `decodeName` has them. A directory that is
   * kept is kept whole, one to be removed may be moved whole.
   */
  keep?: (path: string, isDirectory: boolean) => 'keep' | 'remove' | 'look inside';
  /**
   * Where a directory is moved that is to go and cannot be removed since another user owns what is in it, by the relative
   * path of its parent: then it is out of the way at least. The folder is closed afterwards.
   */
  aside?: (parent: string) => Folder;
}

interface Walk {
  root: Anchor;
  options: RemoveOptions;
  removal: Removal;
  /** Directories that were moved up to the top, still to be removed, and the relative paths that they had. */
  hoisted: Pick<Place, 'name' | 'relative'>[];
}

interface Place {
  name: Buffer;
  path: Buffer;
  relative: string;
  isDirectory: boolean;
  /** How many directories it is below the top. */
  depth: number;
}

/** Deeper directories are moved up first, so that no tree, however deep, runs out of handles or stack. */
const deepest = 100;

/**
 * Removes what is in a directory; the directory itself stays. It works on open directories, so that a link swapped in
 * meanwhile cannot lead it elsewhere; it never enters another mount, not even a bind mount of the same file system; it
 * removes links, and does not follow them. Elsewhere than on Linux it uses Node's own removal, entry by entry.
 * @throws Error when the directory itself cannot be opened
 */
export function emptyDirectory(target: string | Folder, options: RemoveOptions = {}): Removal {
  const removal = nothingRemoved();
  const path = typeof target === 'string' ? target : target.path;
  if (process.platform !== 'linux') return emptyByPath(path, options, removal);
  const anchor = typeof target === 'string' ? undefined : target.anchor;
  const root = anchor ?? openAnchor(path);
  try {
    const walk: Walk = { root, options, removal, hoisted: [] };
    const top = { path: Buffer.from(path), relative: '', depth: 0 };
    emptyAnchored(walk, root, top);
    for (let next = walk.hoisted.pop(); next !== undefined; next = walk.hoisted.pop())
      removeEntry(walk, root, { ...placeIn(top, next.name, true), relative: next.relative });
    return removal;
  } finally {
    if (anchor === undefined) closeAnchor(root);
  }
}

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

/** Whether the directory is empty now. */
function emptyAnchored(walk: Walk, directory: Anchor, parent: Parent): boolean {
  let empty = true;
  const entries = retryWritable(directory, () =>
    readdirSync(within(directory, '.'), { withFileTypes: true, encoding: 'buffer' }),
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

/** Whether the entry is gone. */
function removeEntry(walk: Walk, directory: Anchor, place: Place): boolean {
  const verdict = walk.options.keep?.(place.relative, place.isDirectory) ?? 'remove';
  if (verdict === 'remove')
    return place.isDirectory ? removeOrSetAside(walk, directory, place) : tryRemove(walk, directory, place);
  const isGone = verdict === 'look inside' && place.isDirectory && tryRemove(walk, directory, place);
  if (!isGone) walk.removal.kept += 1;
  return isGone;
}

function tryRemove(walk: Walk, directory: Anchor, place: Place): boolean {
  try {
    if (place.isDirectory) return removeDirectory(walk, directory, place);
    removeFile(walk, directory, place.name);
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return true;
    const isBlocked = code === 'EACCES' || code === 'EPERM';
    if (isBlocked) walk.removal.blocked = `${whose(directory, place.name)}; remove it as root`;
    const reason = isBlocked ? `no permission: ${walk.removal.blocked}` : (explainFileError(code) ?? message);
    walk.removal.residue.push({ path: place.path.toString(), reason });
    return false;
  }
}

/** Who owns what this user cannot remove: the entry, or the directory that it is in. */
function whose(directory: Anchor, name: Buffer): string {
  try {
    const owners = [name, Buffer.from('.')].map((entry) => lstatSync(within(directory, entry)).uid);
    const other = owners.find((uid) => uid !== process.geteuid?.());
    if (other === undefined) return 'it is immutable (see chattr)';
    return `it belongs to another user (${other === 0 ? 'root' : `number ${other}`})`;
  } catch {
    return 'it belongs to another user';
  }
}

/** Removes a directory; if what blocks in it cannot be removed, it is moved with as little around it as can be moved. */
function removeOrSetAside(walk: Walk, directory: Anchor, place: Place): boolean {
  if (place.depth > deepest && hoist(walk, directory, place)) return true;
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

/** Why something is residue that is no longer where it was. @param why what blocks in it */
export const movedAway = (why: string): string =>
  `moved out of the workspace, since it could not be removed: ${why}`;

/** Where the directory is now; `undefined`: where it was. */
function setAside(
  { aside }: RemoveOptions,
  parent: Anchor,
  { path, relative, name }: Place,
): string | undefined {
  if (aside === undefined) return undefined;
  let into: Folder | undefined;
  try {
    into = aside(relative.split('/').slice(0, -1).join('/'));
    moveEntry(folderOf(path, parent), name, into);
    return join(into.path, name.toString());
  } catch {
    // Its own residue says why it stays.
    return undefined;
  } finally {
    if (into !== undefined) closeFolder(into);
  }
}

function removeFile({ removal }: Walk, directory: Anchor, name: Buffer): void {
  const path = within(directory, name);
  const { blocks, nlink } = retryWritable(directory, () => lstatSync(path));
  retryWritable(directory, () => unlinkSync(path));
  removal.files += 1;
  if (nlink === 1) removal.freedBytes += blocks * 512;
}

function removeDirectory(walk: Walk, parent: Anchor, place: Place): boolean {
  const directory = openAnchor(within(parent, place.name), walk.root);
  try {
    if (!emptyAnchored(walk, directory, place)) return false;
  } finally {
    closeAnchor(directory);
  }
  retryWritable(parent, () => rmdirSync(within(parent, place.name)));
  walk.removal.directories += 1;
  return true;
}

/**
 * Whether a directory that is very deep was moved to the top, to be removed from there. What holds a mount, or is another
 * user's, stays where it is.
 */
function hoist({ root, hoisted }: Walk, parent: Anchor, { path, name, relative }: Place): boolean {
  const unique = Buffer.from(`.removing-${randomUUID()}`);
  try {
    moveEntry(folderOf(path, parent), name, folderOf(path, root), unique);
  } catch {
    return false;
  }
  hoisted.push({ name: unique, relative });
  return true;
}

const folderOf = (entry: Buffer, anchor: Anchor): Folder => ({ path: dirname(entry.toString()), anchor });

function retryWritable<T>(directory: Anchor, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    // Another clean-up may have done the same just now: that it is writable does not say that it was.
    makeWritable(directory);
    return act();
  }
}

/** What an error of the file system, or a `refusal`, means for whoever finds something still there. */
export function explainFileError(code: string | undefined): string | undefined {
  const reasons: Record<string, string> = {
    LINK: 'it is a link',
    FILE: 'it is not a folder',
    MOUNT: 'another file system is mounted there',
    EBUSY: 'something is mounted there, or it is in use',
    EACCES: 'no permission: it belongs to another user',
    EPERM: 'not permitted: it is immutable, or belongs to another user',
    EROFS: 'the file system is read-only',
    ENOTEMPTY: 'something was added meanwhile',
    ELOOP: 'it became a link meanwhile',
    ENOTDIR: 'it became something else meanwhile',
  };
  return code === undefined ? undefined : reasons[code];
}
