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

/** Linux's O_PATH, which Node has no name for: a handle on a place that nothing can be read from. Source: open(2). */
const O_PATH = 0o10000000;

/** A directory held open, so that what is done in it stays in it whatever becomes of its path. Linux only. */
export interface Anchor {
  fd: number;
  /** Of the mount that it is on: a bind mount of the same file system has another. */
  mount: string;
  /** A subvolume has another one on the same mount. */
  device: bigint;
}

/** What stops a walk, with a code for whoever explains it. */
export function refusal(code: 'LINK' | 'MOUNT' | 'FILE'): Error {
  const reasons = { LINK: 'a link', MOUNT: 'another mount', FILE: 'no folder' };
  return Object.assign(new Error(reasons[code]), { code });
}

/**
 * Opens a directory, never through a symbolic link at its last part. A directory of ours that may not be read is made
 * readable, though not when it is on another mount than `from`: that one is not ours to change.
 * @throws Error with the code MOUNT when the directory is on another mount or device than `from`
 */
export function openAnchor(path: string | Buffer, from?: Pick<Anchor, 'mount' | 'device'>): Anchor {
  // The handle names the inode itself, so that a swapped link cannot lead the change of mode elsewhere.
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
 * The number of the mount that an open file or folder is on. Linux only. Source: proc_pid_fdinfo(5).
 * @throws Error when it cannot be told: then nothing says where another mount begins
 */
export function mountId(fd: number): string {
  const id = /^mnt_id:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
  if (id === undefined)
    throw new Error('the kernel does not say which mount a folder is on (mnt_id in /proc)');
  return id;
}

export function closeAnchor({ fd }: Anchor): void {
  closeSync(fd);
}

/** The path of an entry of an open directory. */
export function within({ fd }: Anchor, name: Buffer | string): Buffer {
  return Buffer.concat([Buffer.from(`/proc/self/fd/${fd}/`), Buffer.from(name)]);
}

/** Where the directory is now, for whoever looks among the mounts. */
export function whereIs({ fd }: Anchor): string {
  return readlinkSync(`/proc/self/fd/${fd}`);
}

/** Lets the owner write in the directory. Only ever a directory's mode is changed: a file may be a hard link into a store. */
export function makeWritable({ fd }: Anchor): void {
  const { mode }: Stats = fstatSync(fd);
  if ((mode & 0o700) !== 0o700) fchmodSync(fd, (mode & 0o777) | 0o700);
}
