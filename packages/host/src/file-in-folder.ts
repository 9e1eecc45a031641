import {
  type BigIntStats,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { refusal, retryWritable } from './directory-handle.ts';
import { type Folder, pathInFolder } from './folder.ts';

/** Windows has neither O_NONBLOCK nor O_NOFOLLOW, and no pipes in folders. */
const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;

/** An entry of a folder at one moment. Nothing in it follows a link. */
export interface EntryState {
  kind: 'file' | 'link' | 'directory' | 'other';
  /** Text that changes when another entry takes the place, or when its contents change. */
  id: string;
  bytes: number;
  /** Milliseconds since 1970. */
  modified: number;
  user: number;
}

/** @throws Error as `lstat` does */
export function stateInside(folder: Folder, name: string | Buffer): EntryState {
  return stateOf(lstatSync(pathInFolder(folder, name), { bigint: true }));
}

function stateOf(entry: BigIntStats): EntryState {
  const kinds = [
    ['file', entry.isFile()],
    ['link', entry.isSymbolicLink()],
    ['directory', entry.isDirectory()],
  ] as const;
  return {
    kind: kinds.find(([, is]) => is)?.[0] ?? 'other',
    id: [entry.dev, entry.ino, entry.size, entry.mtimeNs].join(':'),
    bytes: Number(entry.size),
    modified: Number(entry.mtimeMs),
    user: Number(entry.uid),
  };
}

/**
 * Reads a regular file of a folder. Does not follow a link and does not wait for a pipe.
 * @throws Error as `open` does; with the code LINK for a link, NO_FILE for another kind of entry, EFBIG above the
 * limit, CHANGED if another process changes it meanwhile
 */
export function readInside(
  folder: Folder,
  name: string | Buffer,
  limitBytes: number,
): { bytes: Buffer; state: EntryState } {
  const state = stateInside(folder, name);
  if (state.kind === 'link') throw refusal('LINK');
  if (state.kind !== 'file') throw coded('NO_FILE', 'not a regular file');
  if (state.bytes > limitBytes) throw coded('EFBIG', `larger than ${limitBytes} bytes`);
  const file = openSync(pathInFolder(folder, name), O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  try {
    if (!fstatSync(file).isFile()) throw coded('NO_FILE', 'not a regular file');
    const bytes = Buffer.alloc(state.bytes);
    let filled = 0;
    for (let got = 1; got > 0 && filled < bytes.length; filled += got)
      got = readSync(file, bytes, filled, bytes.length - filled, filled);
    // Compare two results of the same call: on Windows, another call may identify a file in another way.
    if (stateInside(folder, name).id !== state.id) throw coded('CHANGED', 'changed meanwhile');
    return { bytes, state };
  } finally {
    closeSync(file);
  }
}

/**
 * Replaces a regular file of a folder: writes a new file beside it and renames that over it. Mode and, where
 * possible, owner stay the same.
 * @param id of the state of the file that is replaced
 * @param beside name of the new file until then. A file with this name is removed first: a killed process left it
 * @throws Error as `open` and `rename` do; with the code CHANGED if the file has another id by then
 */
export function replaceInside(
  folder: Folder,
  name: string | Buffer,
  id: string,
  bytes: Buffer,
  beside: string,
): void {
  const [path, temporary] = [pathInFolder(folder, name), pathInFolder(folder, beside)];
  const before = lstatSync(path, { bigint: true });
  writable(folder, () => {
    unlinkIfThere(temporary);
    const file = openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    try {
      writeFileSync(file, bytes);
      keepOwner(file, before);
      fchmodSync(file, Number(before.mode & 0o777n));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  });
  try {
    if (stateInside(folder, name).id !== id) throw coded('CHANGED', 'changed meanwhile');
    renameSync(temporary, path);
  } catch (error) {
    unlinkIfThere(temporary);
    throw error;
  }
}

/** Only root can give a file to another user. For others, the file belongs to them afterwards, and they can use it. */
function keepOwner(file: number, { uid, gid }: BigIntStats): void {
  try {
    fchownSync(file, Number(uid), Number(gid));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
}

/**
 * Removes an entry that is not a directory; a link is removed, not followed.
 * @param id of the state of the entry that is to be removed
 * @throws Error as `unlink` does; with the code CHANGED if the entry has another id
 */
export function unlinkInside(folder: Folder, name: string | Buffer, id: string): void {
  if (stateInside(folder, name).id !== id) throw coded('CHANGED', 'changed meanwhile');
  writable(folder, () => unlinkSync(pathInFolder(folder, name)));
}

function unlinkIfThere(path: Buffer): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

const writable = ({ handle }: Folder, act: () => void): void =>
  handle === undefined ? act() : retryWritable(handle, act);

const coded = (code: string, message: string): Error => Object.assign(new Error(message), { code });
