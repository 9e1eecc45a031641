import { type Dirent, lstatSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type DirectoryHandle,
  closeDirectory,
  openDirectory,
  refusal,
  retryWritable,
} from './directory-handle.ts';
import { closeFolder, type Folder } from './folder.ts';
import { pathOfBytes, textOfBytes } from './file-names.ts';
import { moveEntry } from './move-entry.ts';
import { explainFileError, type Removal, type RemoveOptions, settleEntry } from './removal.ts';

/** A directory to remove. Names have one character for each byte. */
interface Child {
  /** Its name in its parent; '' for the top. */
  name: string;
  /** Whether all of it is to be removed. Then `keep` is not asked about its entries. */
  isWhole: boolean;
  /** The state of the removal when the walk came to it. */
  before: { residue: number; kept: number; blocked: string };
}

/** A directory that the walk has entered and not left yet. */
interface Level extends Child {
  /** `undefined` while it is closed. It is opened again from its child, and must be the same directory. */
  handle: DirectoryHandle | undefined;
  identity: DirectoryHandle;
  entries: Dirent[];
  /** Index of the next entry. */
  next: number;
  isEmpty: boolean;
  /** Its relative path in text form, if `keep` is asked about its entries. */
  relative: string;
}

interface Walk {
  path: string;
  root: DirectoryHandle;
  /** From the top to the current directory. */
  levels: Level[];
  options: RemoveOptions;
  removal: Removal;
}

/** Number of directories that are held open, in addition to the top. */
const maxOpen = 100;
/** Number of entries after which the walk looks at the clock. */
const clockInterval = 32;

/**
 * Removes the contents of an open directory. The walk has its own stack and few open handles, so that a tree may have
 * any depth.
 * @param path the path of `root`, for messages
 */
export function walkAndRemove(
  root: DirectoryHandle,
  path: string,
  options: RemoveOptions,
  removal: Removal,
): void {
  const walk: Walk = { path, root, levels: [], options, removal };
  const startedIn = options.ownsProcess === true ? openDirectory('.') : undefined;
  try {
    enter(walk, root, childNamed(walk, '', options.keep === undefined));
    for (let count = 0, level = walk.levels.at(-1); level !== undefined; level = walk.levels.at(-1)) {
      if (count % clockInterval === 0 && options.deadline?.remaining() === 0) {
        removal.finished = false;
        return;
      }
      count += 1;
      const entry = level.entries[level.next];
      level.next += 1;
      if (entry === undefined) leave(walk, level);
      else visit(walk, level, entry);
    }
  } finally {
    for (const { handle } of walk.levels) if (handle !== undefined && handle !== root) closeDirectory(handle);
    if (startedIn !== undefined) {
      process.chdir(ownPath(startedIn));
      closeDirectory(startedIn);
    }
  }
}

const childNamed = (
  { removal: { residue, kept, blocked } }: Walk,
  name: string,
  isWhole: boolean,
): Child => ({
  name,
  isWhole,
  before: { residue: residue.length, kept, blocked },
});

function visit(walk: Walk, level: Level, entry: Dirent): void {
  const { name } = entry;
  const isDirectory = entry.isDirectory();
  const verdict = level.isWhole
    ? 'remove'
    : (walk.options.keep?.(below(level.relative, name), isDirectory) ?? 'remove');
  if (verdict === 'keep' || (verdict === 'look inside' && !isDirectory)) {
    walk.removal.kept += 1;
    level.isEmpty = false;
    return;
  }
  if (isDirectory) return visitDirectory(walk, level, childNamed(walk, name, verdict === 'remove'));
  if (!attempt(walk, level, name, () => removeFile(walk, level, name))) level.isEmpty = false;
}

function removeFile(walk: Walk, level: Level, name: string): void {
  const { removal } = walk;
  const path = pathIn(walk, level, name);
  const { blocks, nlink } = retryWritable(openHandle(level), () => lstatSync(path));
  retryWritable(openHandle(level), () => unlinkSync(path));
  removal.files += 1;
  if (nlink === 1) removal.freedBytes += blocks * 512;
}

function visitDirectory(walk: Walk, level: Level, child: Child): void {
  if (child.isWhole) walk.removal.blocked = '';
  let isGone = false;
  const isEntered = attempt(walk, level, child.name, () => {
    try {
      const path = pathIn(walk, level, child.name);
      enter(
        walk,
        retryWritable(openHandle(level), () => openDirectory(path, walk.root)),
        child,
      );
    } catch (error) {
      isGone = (error as NodeJS.ErrnoException).code === 'ENOENT';
      throw error;
    }
  });
  if (!isEntered || isGone) settle(walk, level, child, isGone);
}

/** Goes on in a directory. @param handle closed if the directory cannot be used */
function enter(walk: Walk, handle: DirectoryHandle, child: Child): void {
  const { levels, options, root } = walk;
  const parent = levels.at(-1);
  try {
    const entries = retryWritable(handle, () =>
      // The type does not know that this encoding is allowed. It gives one character for each byte.
      readdirSync(ownPath(handle), { withFileTypes: true, encoding: 'latin1' as BufferEncoding }),
    );
    if (options.ownsProcess === true) retryWritable(handle, () => process.chdir(ownPath(handle)));
    const relative = child.isWhole || parent === undefined ? '' : below(parent.relative, child.name);
    levels.push({ ...child, handle, identity: handle, entries, next: 0, isEmpty: true, relative });
  } catch (error) {
    if (handle !== root) closeDirectory(handle);
    throw error;
  }
  const far = levels[levels.length - 1 - maxOpen];
  if (far?.handle === undefined || far.handle === root) return;
  closeDirectory(far.handle);
  far.handle = undefined;
}

/** Goes back to the parent after the last entry, and removes the directory there if it is empty. */
function leave(walk: Walk, level: Level): void {
  const { levels, root } = walk;
  levels.pop();
  const parent = levels.at(-1);
  if (parent === undefined) return;
  const found = attempt(walk, parent, level.name, () => {
    parent.handle ??= reopen(level, parent, root);
  });
  closeDirectory(openHandle(level));
  if (!found) return climb(walk, level);
  if (walk.options.ownsProcess === true) process.chdir(ownPath(openHandle(parent)));
  const isGone =
    level.isEmpty && attempt(walk, parent, level.name, () => removeEmpty(walk, parent, level.name));
  settle(walk, parent, level, isGone);
}

function removeEmpty(walk: Walk, parent: Level, name: string): void {
  const path = pathIn(walk, parent, name);
  retryWritable(openHandle(parent), () => rmdirSync(path));
  walk.removal.directories += 1;
}

/** Opens the parent of a directory again. @throws Error with the code MOVED if the directory has another parent now */
function reopen(child: Level, parent: Level, root: DirectoryHandle): DirectoryHandle {
  const handle = openDirectory(`${ownPath(openHandle(child))}/..`, root);
  const { device, inode } = parent.identity;
  if (handle.device === device && handle.inode === inode) return handle;
  closeDirectory(handle);
  throw refusal('MOVED');
}

/** Goes back to the nearest directory that is still open. What lies between stays. */
function climb(walk: Walk, level: Level): void {
  const { levels } = walk;
  let child = level;
  while (levels.at(-1)?.handle === undefined) child = levels.pop() as Level;
  const parent = levels.at(-1) as Level;
  if (walk.options.ownsProcess === true) process.chdir(ownPath(openHandle(parent)));
  settle(walk, parent, child, false);
}

function settle(
  walk: Walk,
  parent: Level,
  child: Pick<Child, 'name' | 'isWhole' | 'before'>,
  isGone: boolean,
): void {
  if (settleEntry(walk.removal, child, isGone, () => setAside(walk, parent, child.name)))
    parent.isEmpty = false;
}

/** Moves a directory aside. @returns its new path; `undefined` if it could not be moved */
function setAside(walk: Walk, parent: Level, name: string): string | undefined {
  const { aside } = walk.options;
  if (aside === undefined) return undefined;
  let into: Folder | undefined;
  try {
    const bytes = Buffer.from(name, 'latin1');
    const names = walk.levels.slice(1).map((level) => textOfBytes(level.name));
    into = aside(names.join('/'));
    moveEntry({ path: dirname(pathOf(walk, name)), handle: openHandle(parent) }, bytes, into);
    return join(into.path, bytes.toString());
  } catch {
    // The residue that was already reported says why it stays.
    return undefined;
  } finally {
    if (into !== undefined) closeFolder(into);
  }
}

/** @returns whether `act` succeeded, or its entry was gone; otherwise the entry is residue */
function attempt(walk: Walk, level: Level, name: string, act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return true;
    const { removal } = walk;
    const isBlocked = code === 'EACCES' || code === 'EPERM';
    if (isBlocked) removal.blocked = `${whyBlocked(walk, level, name)}; remove it as root`;
    const reason = isBlocked ? `no permission: ${removal.blocked}` : (explainFileError(code) ?? message);
    removal.residue.push({ path: pathOf(walk, name), reason });
    return false;
  }
}

/**
 * Explains why this user cannot remove an entry: another user owns the entry or its directory, or the entry is
 * immutable.
 */
function whyBlocked(walk: Walk, level: Level, name: string): string {
  try {
    const owners = [name, '.'].map((entry) => lstatSync(pathIn(walk, level, entry)).uid);
    const other = owners.find((uid) => uid !== process.geteuid?.());
    if (other === undefined) return 'it is immutable (see chattr)';
    return `it belongs to another user (${other === 0 ? 'root' : `number ${other}`})`;
  } catch {
    return 'it belongs to another user';
  }
}

/** Returns the handle of a level that is open. */
const openHandle = ({ handle }: Level): DirectoryHandle => handle as DirectoryHandle;

const ownPath = ({ fd }: DirectoryHandle): string => `/proc/self/fd/${fd}`;

/** Returns the path of an entry of the current directory, for calls that do not follow a link at the end of a path. */
function pathIn({ options }: Walk, level: Level, name: string): string | Buffer {
  return pathOfBytes(options.ownsProcess === true ? name : `${ownPath(openHandle(level))}/${name}`);
}

/** Returns the path of an entry of the current directory as a person knows it. */
function pathOf({ path, levels }: Walk, name: string): string {
  const names = [...levels.slice(1).map((level) => level.name), name];
  return `${path}/${Buffer.from(names.join('/'), 'latin1').toString()}`;
}

function below(relative: string, name: string): string {
  const text = textOfBytes(name);
  return relative === '' ? text : `${relative}/${text}`;
}
