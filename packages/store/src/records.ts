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
 * Reads and writes the files that describe the store's contents. Another user, or a container that runs as root, may
 * have put anything in their places. So symlinks are never followed, and only plain files are read or written.
 */

/** Windows does not have these flags. */
const { O_RDONLY, O_WRONLY, O_APPEND, O_CREAT, O_EXCL, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;

/**
 * Independent of the umask: users who share a store write each other's records. Other stores are closed at their root.
 */
const mode = 0o660;
/** Bytes that are read at once. */
const chunkSize = 1 << 18;
/**
 * Maximum bytes of a line: a path and a symlink target of at most 4,096 bytes each; JSON may need six bytes for one.
 */
const longestLine = 1 << 16;

/**
 * Reads a record.
 * @param most maximum bytes
 * @throws Error from the file system; Error if it is not a plain file, or is larger
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

/** Reads and parses a record. Returns `undefined` if it is missing or invalid. */
export function tryReadRecord<T>(path: string, most: number, parse: (text: string) => T): T | undefined {
  try {
    return parse(readRecord(path, most));
  } catch {
    return undefined;
  }
}

/**
 * Reads a large record, many lines at a time.
 * @param hash receives everything that is read
 * @throws as `readRecord`; Error if a line is too long
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
  throw new Error(`${path} is not a file`);
}

/**
 * Writes a record and replaces what is there.
 * @param synced whether to sync it to disk
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

/**
 * Removes a record, if it exists.
 * @throws StoreUnusable if a folder that is not empty is in its place; Error from the file system
 */
export function removeRecord(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' && !removeEmptyFolder(path)) throw error;
  }
}

/**
 * Removes an empty folder in place of a record, which no file can replace.
 * @returns whether there was one
 * @throws StoreUnusable if the folder is not empty
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
 * Opens a record to append to it. Replaces a symlink, or a hard link to another file, with a new file.
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
    // A symlink, a pipe without a reader, or a folder.
    if (!['ELOOP', 'EMLINK', 'ENXIO', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error;
  }
  removeRecord(path);
  const file = openSync(path, flags | O_EXCL, mode);
  fchmodSync(file, mode);
  return file;
}

/** Sets the time of a record to now by writing it. Only its owner could set the time directly. */
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
 * Returns whether a path is a folder that only this user can write. Its contents can be trusted. In a shared store,
 * everything that a job must find again is in such folders.
 */
export function isOwnFolder(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory() !== true) return false;
  return process.geteuid === undefined || (stats.uid === process.geteuid() && (stats.mode & 0o022) === 0);
}
