import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  type Stats,
} from 'node:fs';

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
}

/** Creates the error that stops a walk. `explainFileError` turns its code into text. */
export function refusal(code: 'LINK' | 'MOUNT' | 'FILE'): Error {
  const reasons = { LINK: 'a link', MOUNT: 'another mount', FILE: 'not a folder' };
  return Object.assign(new Error(reasons[code]), { code });
}

/**
 * Opens a directory. The last part of the path must not be a symlink. If this user owns the directory but may not
 * read it, the function adds the permission, unless the directory is on another mount than `from`.
 * @throws Error with the code MOUNT if the directory is on another mount or device than `from`
 */
export function openDirectory(
  path: string | Buffer,
  from?: Pick<DirectoryHandle, 'mount' | 'device'>,
): DirectoryHandle {
  // The handle points to the inode, so that a link that replaces the path cannot redirect the change of mode.
  const handle = openSync(path, O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  const self = `/proc/self/fd/${handle}`;
  try {
    const mount = mountId(handle);
    const device = fstatSync(handle, { bigint: true }).dev;
    if (from !== undefined && (mount !== from.mount || device !== from.device)) throw refusal('MOUNT');
    return { fd: openReadable(self, handle), mount, device };
  } finally {
    closeSync(handle);
  }
}

function openReadable(self: string, handle: number): number {
  const flags = constants.O_RDONLY | constants.O_DIRECTORY;
  try {
    return openSync(self, flags);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
  }
  chmodSync(self, (fstatSync(handle).mode & 0o777) | 0o700);
  return openSync(self, flags);
}

/**
 * Returns the id of the mount of an open file or folder. Linux only. Source: proc_pid_fdinfo(5).
 * @throws Error if the kernel does not report it: without the id, mounts cannot be recognized
 */
export function mountId(fd: number): string {
  const id = /^mnt_id:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
  if (id === undefined)
    throw new Error('the kernel does not say which mount a folder is on (mnt_id in /proc)');
  return id;
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
 * Gives the owner write permission in the directory. The mode of files never changes: a file may be a hard link into
 * a store.
 */
export function makeWritable({ fd }: DirectoryHandle): void {
  const { mode }: Stats = fstatSync(fd);
  if ((mode & 0o700) !== 0o700) fchmodSync(fd, (mode & 0o777) | 0o700);
}
