import { type BigIntStats, chmodSync, type Dirent } from 'node:fs';
import { join, sep } from 'node:path';
import { refusal } from './directory-handle.ts';
import { decodeName, encodeName } from './file-names.ts';
import { closeFolder, type Folder } from './folder.ts';
import { moveEntry } from './move-entry.ts';
import { explainFileError, type Removal, type RemoveOptions, settleEntry } from './removal.ts';
import type { PathSystem } from './remove-by-path.ts';
import { returnLater } from './working-directory.ts';

/** A directory to remove. */
interface Child {
  /** In the form of `decodeName`; '' for the top. */
  name: string;
  /** Its whole path. It is only text unless the name is not UTF-8. */
  path: string | Buffer;
  entry: BigIntStats;
  /** Whether all of it is to be removed. Then `keep` is not asked about its entries. */
  isWhole: boolean;
  /** Its path below the top, with `/`. */
  relative: string;
  /** The state of the removal when the walk came to it. */
  before: { residue: number; kept: number; blocked: string };
}

/** A directory that the walk has entered and not left yet. */
interface Level extends Child {
  entries: Dirent<Buffer>[];
  /** Index of the next entry. */
  next: number;
  isEmpty: boolean;
}

interface Walk {
  system: PathSystem;
  options: RemoveOptions;
  removal: Removal;
  /** From the top to the current directory. */
  levels: Level[];
  /**
   * Whether each directory is the working directory while it is emptied. Then a link that replaces it leads nowhere,
   * and its path may have any length. Windows limits the length of the path of a working directory.
   */
  inside: boolean;
  /** Whether something could not be removed, but may be a moment later. */
  isLocked: boolean;
}

/** Thrown if the working directory is another one than expected. Nothing may be removed there. */
class Lost extends Error {}

/** Number of entries after which the walk looks at the clock. */
const clockInterval = 32;

/** Codes of errors that may pass. On Windows, a file that a program has open gives one of the first three. */
const passing = (platform: NodeJS.Platform): string[] =>
  platform === 'win32' ? ['EBUSY', 'EPERM', 'EACCES', 'ENOTEMPTY'] : ['EBUSY', 'ENOTEMPTY'];

/**
 * Removes the contents of a directory once, as far as it can. Enters no other device, and no folder of Windows that
 * leads elsewhere.
 * @returns whether something could not be removed, but may be a moment later
 * @throws Error if the directory itself cannot be listed
 */
export function walkByPath(
  path: string,
  options: RemoveOptions,
  removal: Removal,
  system: PathSystem,
): { isLocked: boolean } {
  const inside = options.ownsProcess === true && system.platform !== 'win32';
  const walk: Walk = { system, options, removal, levels: [], inside, isLocked: false };
  const comeBack = inside ? returnLater() : () => {};
  try {
    const top = {
      name: '',
      path,
      entry: system.lstat(path),
      isWhole: options.keep === undefined,
      relative: '',
    };
    enter(walk, path, childOf(walk, top));
    for (let count = 0, level = walk.levels.at(-1); level !== undefined; level = walk.levels.at(-1)) {
      if (count % clockInterval === 0 && options.deadline?.remaining() === 0) {
        removal.finished = false;
        break;
      }
      count += 1;
      const found = level.entries[level.next];
      level.next += 1;
      if (found === undefined) leave(walk, level);
      else visit(walk, level, found);
    }
  } catch (error) {
    if (!(error instanceof Lost)) throw error;
    removal.residue.push({ path, reason: explainFileError('MOVED') ?? '' });
  } finally {
    comeBack();
  }
  // A folder in which a program has something open cannot be moved on Windows, so there is no use in trying.
  if (system.platform === 'win32') removal.blocked = '';
  return walk;
}

const childOf = ({ removal: { residue, kept, blocked } }: Walk, child: Omit<Child, 'before'>): Child => ({
  ...child,
  before: { residue: residue.length, kept, blocked },
});

function visit(walk: Walk, level: Level, found: Dirent<Buffer>): void {
  const { system, options, removal } = walk;
  const name = decodeName(found.name);
  const isDirectory = found.isDirectory();
  const relative = level.relative === '' ? name : `${level.relative}/${name}`;
  const verdict = level.isWhole ? 'remove' : (options.keep?.(relative, isDirectory) ?? 'remove');
  if (verdict === 'keep' || (verdict === 'look inside' && !isDirectory)) {
    removal.kept += 1;
    level.isEmpty = false;
    return;
  }
  const place = placeOf(walk, level, name);
  const isWhole = verdict === 'remove';
  const before = { residue: removal.residue.length, kept: removal.kept, blocked: removal.blocked };
  if (isWhole) removal.blocked = '';
  const isDone = attempt(walk, level, name, () => {
    const entry = retryWritable(walk, level, () => system.lstat(place));
    if (entry.dev !== level.entry.dev) throw refusal('MOUNT');
    if (!entry.isDirectory()) return removeFile(walk, level, place, entry);
    // A volume that Windows shows in a folder may have the number of the volume around it. It is listed as a link.
    if (!isDirectory) throw refusal('MOUNT');
    enter(walk, place, { name, path: below(level.path, name), entry, isWhole, relative, before });
  });
  const isEntered = walk.levels.at(-1) !== level;
  if (!isEntered) settle(walk, level, { name, isWhole, before }, isDone);
}

function removeFile(walk: Walk, level: Level, place: string | Buffer, { nlink, blocks }: BigIntStats): void {
  retryWritable(walk, level, () => walk.system.unlink(place));
  walk.removal.files += 1;
  if (nlink === 1n) walk.removal.freedBytes += Number(blocks) * 512;
}

/** Goes on in a directory. @param place its path for calls */
function enter(walk: Walk, place: string | Buffer, child: Child): void {
  const { system, levels, inside } = walk;
  const level: Level = { ...child, entries: [], next: 0, isEmpty: true };
  if (inside) {
    // The working directory can only be changed by text. File systems of macOS know no other names.
    if (typeof place !== 'string') throw new Error('its name is not UTF-8');
    retryWith(walk, place, child.entry, () => process.chdir(place));
    expectIn(walk, child.entry);
  }
  try {
    level.entries = retryWritable(walk, level, () => system.list(ownPath(walk, level)));
  } catch (error) {
    const parent = levels.at(-1);
    if (inside && parent !== undefined) goBack(walk, parent);
    throw error;
  }
  levels.push(level);
}

/** Goes back to the parent after the last entry, and removes the directory there if it is empty. */
function leave(walk: Walk, level: Level): void {
  const { levels, system, removal, inside } = walk;
  levels.pop();
  const parent = levels.at(-1);
  if (parent === undefined) return;
  if (inside) goBack(walk, parent);
  const isGone =
    level.isEmpty &&
    attempt(walk, parent, level.name, () => {
      retryWritable(walk, parent, () => system.rmdir(placeOf(walk, parent, level.name)));
      removal.directories += 1;
    });
  settle(walk, parent, level, isGone);
}

function goBack(walk: Walk, parent: Level): void {
  process.chdir('..');
  expectIn(walk, parent.entry);
}

/** @throws Lost if the working directory is another one than expected */
function expectIn({ system }: Walk, { dev, ino }: BigIntStats): void {
  const here = system.lstat('.');
  if (here.dev !== dev || here.ino !== ino) throw new Lost();
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

/** Moves an entry aside. @returns its new path; `undefined` if it could not be moved */
function setAside({ options, inside }: Walk, parent: Level, name: string): string | undefined {
  let into: Folder | undefined;
  try {
    into = options.aside?.(parent.relative);
    if (into === undefined) return undefined;
    const from = inside ? '.' : parent.path.toString();
    moveEntry({ path: from, handle: undefined }, encodeName(name), into);
    return join(into.path, textOf(name));
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
    if (error instanceof Lost) throw error;
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return true;
    const { removal, system } = walk;
    walk.isLocked ||= passing(system.platform).includes(code);
    let reason = explainFileError(code, system.platform) ?? message;
    if (code === 'EACCES' || code === 'EPERM') {
      if (system.platform !== 'win32') reason = whyBlocked(walk, level, name);
      removal.blocked = reason;
    } else if (code === 'EBUSY' && system.platform === 'win32') removal.blocked = reason;
    removal.residue.push({ path: below(level.path, name).toString(), reason });
    return false;
  }
}

/** Explains why this user cannot remove an entry: another user owns it or its directory, or a flag protects it. */
function whyBlocked(walk: Walk, level: Level, name: string): string {
  let owners = [level.entry.uid];
  try {
    owners = [walk.system.lstat(placeOf(walk, level, name)).uid, ...owners];
  } catch {
    // The directory does not let this user look.
  }
  const other = owners.find((uid) => Number(uid) !== process.geteuid?.());
  if (other === undefined) return 'a flag such as uchg or the system protects it (see ls -lO, chflags)';
  return `it belongs to another user (${other === 0n ? 'root' : `number ${other}`}); remove it as root`;
}

/** Does `act` in a directory. If the owner of the directory lacks a permission for it, adds it and tries again. */
const retryWritable = <T>(walk: Walk, level: Level, act: () => T): T =>
  retryWith(walk, ownPath(walk, level), level.entry, act);

function retryWith<T>({ system }: Walk, path: string | Buffer, { mode }: BigIntStats, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (system.platform === 'win32' || (error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    chmodSync(path, (Number(mode) & 0o777) | 0o700);
    return act();
  }
}

const ownPath = ({ inside }: Walk, { path }: Level): string | Buffer => (inside ? '.' : path);

/** Returns the path of an entry of the current directory, for calls that do not follow a link at the end of a path. */
const placeOf = ({ inside }: Walk, { path }: Level, name: string): string | Buffer =>
  inside ? pathOfName(name) : below(path, name);

const pathOfName = (name: string): string | Buffer => (name.startsWith('\0') ? encodeName(name) : name);

const textOf = (name: string): string => encodeName(name).toString();

function below(path: string | Buffer, name: string): string | Buffer {
  if (typeof path === 'string' && !name.startsWith('\0')) return `${path}${sep}${name}`;
  const parent = typeof path === 'string' ? Buffer.from(path) : path;
  return Buffer.concat([parent, Buffer.from(sep), encodeName(name)]);
}
