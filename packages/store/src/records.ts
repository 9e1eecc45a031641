import type { Hash } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  rmdirSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { StoreUnusable } from './store-errors.ts';

/**
 * The files by which the store describes what is in it. Another user, or a container that runs as root, may have put anything in
 * their places: nothing is followed, and nothing but a plain file is read or written.
 */

/** Windows knows neither. */
const { O_RDONLY, O_WRONLY, O_APPEND, O_CREAT, O_EXCL, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;

/** Whatever the process's mask says: those who share a store write to each other's. Other stores are closed at their root. */
const mode = 0o660;
/** Bytes that are read at once. */
const chunkSize = 1 << 18;
/** Bytes of a line: a path and where a link leads, each of 4,096 bytes at most, which JSON may write with six for one. */
const longestLine = 1 << 16;

/**
 * The text of a record.
 * @param most bytes
 * @throws Error from the file system; Error when it is no plain file, or larger
 */
export function readRecord(path: string, most: number): string {
  const file = openPlain(path);
  try {
    if (fstatSync(file).size > most) throw new Error(`${path} has more than ${most} bytes`);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

/** What is read from a record; `undefined`: it is not there, or not what it should be. */
export function tryReadRecord<T>(path: string, most: number, parse: (text: string) => T): T | undefined {
  try {
    return parse(readRecord(path, most));
  } catch {
    return undefined;
  }
}

/**
 * A record of lines, which may be a large one: many lines at once.
 * @param hash takes all that is read
 * @throws as `readRecord`; Error for a line that is none of ours
 */
export function* readLines(path: string, hash?: Hash): Generator<string> {
  const file = openPlain(path);
  try {
    const part = Buffer.allocUnsafe(chunkSize);
    let rest = Buffer.alloc(0);
    for (let read = readSync(file, part); read > 0; read = readSync(file, part)) {
      hash?.update(part.subarray(0, read));
      const bytes = Buffer.concat([rest, part.subarray(0, read)]);
      const end = bytes.lastIndexOf(10);
      rest = bytes.subarray(end + 1);
      if (rest.length > longestLine) throw new Error(`${path} has a line of more than ${longestLine} bytes`);
      if (end !== -1) yield bytes.toString('utf8', 0, end);
    }
    yield rest.toString('utf8');
  } finally {
    closeSync(file);
  }
}

function openPlain(path: string): number {
  const file = openSync(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  throw new Error(`${path} is no file`);
}

/**
 * Writes a record in the place of whatever is there.
 * @param synced whether it has to be on the disk
 * @throws as `removeRecord`
 */
export function writeRecord(path: string, text: string, synced = false): void {
  removeRecord(path);
  const file = openSync(path, 'wx', mode);
  try {
    fchmodSync(file, mode);
    writeFileSync(file, text);
    if (synced) fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Removes what is in the place of a record, if anything is. @throws StoreUnusable for a folder that is not empty; Error from the file system */
export function removeRecord(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' && !removeEmptyFolder(path)) throw error;
  }
}

/**
 * Removes an empty folder in the place of a record, which no file can replace.
 * @returns whether there was one
 * @throws StoreUnusable for one that is not empty
 */
export function removeEmptyFolder(path: string): boolean {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return false;
  try {
    rmdirSync(path);
    return true;
  } catch {
    throw new StoreUnusable(`${path}, a file of the store, is a folder. Remove it.`);
  }
}

/**
 * Opens a record to add to it. What is no file of the store, a link or a further name of another's file, gives way to a new one.
 * @throws as `removeRecord`
 */
export function openRecord(path: string): number {
  const flags = O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOFOLLOW;
  try {
    const file = openSync(path, flags, mode);
    const stats = fstatSync(file);
    if (stats.isFile() && stats.nlink <= 1) {
      if ((stats.mode & mode) !== mode && stats.uid === process.geteuid?.()) fchmodSync(file, mode);
      return file;
    }
    closeSync(file);
  } catch (error) {
    // A link; a pipe that nobody reads; a folder.
    if (!['ELOOP', 'EMLINK', 'ENXIO', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error;
  }
  removeRecord(path);
  const file = openSync(path, flags | O_EXCL, mode);
  fchmodSync(file, mode);
  return file;
}

/** Gives a record the present as its time, which only its owner could do by a call for that. */
export function touchRecord(path: string): void {
  const file = openRecord(path);
  try {
    ftruncateSync(file);
    writeSync(file, '\n');
  } finally {
    closeSync(file);
  }
}

/**
 * Whether a path is a folder that only this user may write: what is in it is this user's word. In a store that several users write,
 * what a job must find again lies in such folders.
 */
export function isOwnFolder(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory() !== true) return false;
  return process.geteuid === undefined || (stats.uid === process.geteuid() && (stats.mode & 0o022) === 0);
}
