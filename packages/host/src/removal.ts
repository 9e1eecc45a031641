import type { Deadline } from '@runner-actions/core';
import type { Folder } from './folder.ts';

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
   * With `keep` a directory stays with all its contents. With `remove` it goes with all its contents, and the function
   * is not called for them.
   */
  keep?: ((path: string, isDirectory: boolean) => 'keep' | 'remove' | 'look inside') | undefined;
  /**
   * Returns the folder for a directory that cannot be removed because another user owns entries in it. The directory
   * is moved there instead. `parent` is the relative path of its parent. The returned folder is closed afterwards.
   */
  aside?: (parent: string) => Folder;
  /**
   * Whether this process does nothing else meanwhile. Then the removal may change the working directory. On Linux, this
   * saves a quarter of the time on a file system in memory. On macOS, a link cannot redirect the removal then.
   */
  ownsProcess?: boolean;
  /**
   * Whether to try again what another program has locked, on systems other than Linux. This blocks the process for up
   * to three seconds, within the deadline.
   */
  waits?: boolean;
}

/** Returns the result of a removal that removed nothing. */
export function nothingRemoved(): Removal {
  return { files: 0, directories: 0, freedBytes: 0, residue: [], kept: 0, blocked: '', finished: true };
}

/**
 * Accounts for an entry that was removed or that stays. One that is blocked is set aside as a whole, with as few folders
 * around it as possible.
 * @param before the removal before this entry, with the number of its residue
 * @param setAside moves the entry; returns its new path, or `undefined` if it could not be moved
 * @returns whether the entry is still in its directory
 */
export function settleEntry(
  removal: Removal,
  { isWhole, before }: { isWhole: boolean; before: Pick<Removal, 'kept' | 'blocked'> & { residue: number } },
  isGone: boolean,
  setAside: () => string | undefined,
): boolean {
  if (!isWhole) {
    if (!isGone) removal.kept += 1;
    return !isGone;
  }
  const { blocked } = removal;
  const mayMove = !isGone && blocked !== '' && removal.kept === before.kept;
  const path = mayMove ? setAside() : undefined;
  if (path !== undefined)
    removal.residue.splice(before.residue, Infinity, { path, reason: movedAway(blocked) });
  const stays = !isGone && path === undefined;
  removal.blocked = before.blocked || (stays ? blocked : '');
  return stays;
}

/** Returns the reason of a residue that was moved away. @param why the reason that it could not be removed */
export const movedAway = (why: string): string =>
  `moved out of the workspace, because it could not be removed: ${why}`;

const reasons: Record<string, string> = {
  LINK: 'it is a link',
  FILE: 'it is not a folder',
  MOUNT: 'another file system is mounted there',
  EBUSY: 'something is mounted there, or it is in use',
  EACCES: 'no permission: it belongs to another user',
  EPERM: 'not permitted: it is immutable, or belongs to another user',
  EROFS: 'the file system is read-only',
  MOVED: 'it was moved during the removal',
  ENOTEMPTY: 'something was added during the removal',
  ELOOP: 'it was replaced by a link during the removal',
  ENOTDIR: 'it was replaced during the removal',
  NO_FILE: 'it is not a regular file',
  EFBIG: 'it is too large',
  CHANGED: 'it changed during the clean-up',
};

/** Windows denies access to a program that runs, and to a file that is waiting for its last handle to be closed. */
const denied =
  'access is denied: a program runs from it, it is being removed by another program, or its permissions forbid it';
const reasonsOnWindows: Record<string, string> = {
  ...reasons,
  EBUSY: 'a program has it open and does not share it',
  EACCES: denied,
  EPERM: denied,
  EROFS: 'the disk is write-protected',
  ENOTEMPTY: 'something was added during the removal, or a program has a removed file in it open',
  MOUNT: 'a volume is mounted there, or it is a folder that leads elsewhere',
};

/** Explains the code of a file system error, or of a `refusal`, to a user who finds an entry that was not removed. */
export function explainFileError(
  code: string | undefined,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  return (platform === 'win32' ? reasonsOnWindows : reasons)[code ?? ''];
}
