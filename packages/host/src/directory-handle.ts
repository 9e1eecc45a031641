import { chmodSync, closeSync, constants, fstatSync, openSync, readlinkSync, readSync } from 'node:fs';

/**
 * Linux's O_PATH, for which Node has no constant: a handle to an inode that does not allow reading. Source: open(2).
 */
const O_PATH = 0o10000000;

/**
 * An open directory. Operations through it stay in this directory, even if its path is renamed or replaced. Linux
 * only.
 */
export interface DirectoryHandle {
  fd: number;
  /** Id of its mount. A bind mount of the same file system has a different id. */
  mount: string;
  /** Device number. A subvolume on the same mount has a different number. */
  device: bigint;
  inode: bigint;
}

/** Creates the error that stops a walk. `explainFileError` turns its code into text. */
export function refusal(code: 'LINK' | 'MOUNT' | 'FILE' | 'MOVED'): Error {
  const reasons = { LINK: 'a link', MOUNT: 'another mount', FILE: 'not a folder', MOVED: 'moved meanwhile' };
  return Object.assign(new Error(reasons[code]), { code });
}

/**
 * Opens a directory without the permission to read it. The last part of the path must not be a symlink. The mount is
 * known before the file system is asked anything, because a mounted file system may never answer.
 * @throws Error with the code MOUNT if the directory is on another mount or device than `from`
 */
export function openDirectory(
  path: string | Buffer,
  from?: Pick<DirectoryHandle, 'mount' | 'device'>,
): DirectoryHandle {
  const fd = openSync(path, O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    return handleOf(fd, from);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Returns the handle for the file descriptor of an open directory. @throws Error as `openDirectory` does */
export function handleOf(fd: number, from?: Pick<DirectoryHandle, 'mount' | 'device'>): DirectoryHandle {
  const mount = mountId(fd);
  if (from !== undefined && mount !== from.mount) throw refusal('MOUNT');
  const { dev: device, ino: inode } = fstatSync(fd, { bigint: true });
  if (from !== undefined && device !== from.device) throw refusal('MOUNT');
  return { fd, mount, device, inode };
}

/**
 * Returns the id of the mount of an open file or folder. Linux only. Source: proc_pid_fdinfo(5).
 * @throws Error if the kernel does not report it: without the id, mounts cannot be recognized
 */
export function mountId(fd: number): string {
  const id = /^mnt_id:\s*(\d+)/m.exec(infoOf(fd))?.[1];
  if (id === undefined)
    throw new Error('the kernel does not say which mount a folder is on (mnt_id in /proc)');
  return id;
}

function infoOf(fd: number): string {
  try {
    return readStart(`/proc/self/fdinfo/${fd}`);
  } catch (error) {
    // Callers take ENOENT for a missing folder, but it is `/proc` that is missing.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new Error('/proc is not mounted');
    throw error;
  }
}

const start = Buffer.alloc(512);

/** Reads the start of a small file of the kernel. A walk does this for each directory, so it must be fast. */
function readStart(path: string): string {
  const file = openSync(path, constants.O_RDONLY);
  try {
    return start.toString('latin1', 0, readSync(file, start, 0, start.length, null));
  } finally {
    closeSync(file);
  }
}

export function closeDirectory({ fd }: DirectoryHandle): void {
  closeSync(fd);
}

/** Returns the path of an entry of an open directory. */
export function entryPath({ fd }: DirectoryHandle, name: Buffer | string): Buffer {
  return Buffer.concat([Buffer.from(`/proc/self/fd/${fd}/`), Buffer.from(name)]);
}

/** Returns the current path of the directory, to compare it with mount points. */
export function currentPath({ fd }: DirectoryHandle): string {
  return readlinkSync(`/proc/self/fd/${fd}`);
}

/**
 * Gives the owner all permissions in the directory. The mode of files never changes: a file may be a hard link into a
 * store.
 */
export function makeWritable({ fd }: DirectoryHandle): void {
  const { mode } = fstatSync(fd);
  if ((mode & 0o700) !== 0o700) chmodSync(`/proc/self/fd/${fd}`, (mode & 0o777) | 0o700);
}

/** Does `act`. If the owner of the directory lacks a permission for it, adds the permission and tries again. */
export function retryWritable<T>(directory: DirectoryHandle, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    // Try again even if the directory is writable now: another clean-up may have made it writable a moment ago.
    makeWritable(directory);
    return act();
  }
}
