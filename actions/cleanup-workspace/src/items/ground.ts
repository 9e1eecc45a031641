import { lstatSync } from 'node:fs';
import {
  describeUse,
  isUnknown,
  type Kernel,
  type MaybeUnknown,
  mountsBelow,
  type PathUse,
  readPathUses,
  type RunnerFolders,
  useOf,
  whoSharesWork,
} from '@runner-actions/host';
import { protectedPaths } from '../workspace.ts';
import type { FolderOwner } from './remove-entry.ts';

/** The facts of this job and its machine that items of files need. It is plain data, except for `enough`. */
export interface Ground {
  folders: RunnerFolders;
  /** Name of the current repository's folder in `_work`; '' without a job. */
  repository: string;
  /** Absolute paths that the machine's policy protects. */
  protect: readonly string[];
  /** Milliseconds. */
  maxAge: number;
  /** Milliseconds since 1970. */
  now: number;
  /** The result of `jobStart`: this job has changed nothing before it. */
  jobStart: MaybeUnknown<number>;
  /** Whether the disk of a path has enough space again, so that nothing more is removed there. */
  enough: (path: string) => Promise<boolean>;
  /** Without a job: returns why nothing may be removed now. Called right before each removal. */
  whyBusy?: () => string | undefined;
  /** Without a job: who must own the runner's folders, see `RemovalPlace`. */
  owners?: readonly FolderOwner[] | undefined;
  /** For tests. */
  kernel?: Kernel;
}

/** Returns why a folder stays, as far as every item of files has the same reasons; `undefined` if it may go. */
export function whyItStays(
  path: string,
  { protect }: Pick<Ground, 'protect'>,
  uses: readonly PathUse[],
): string | undefined {
  if (protectedPaths(protect, path).length > 0) return "protected by the machine's policy";
  try {
    if (mountsBelow(path).length > 0) return 'another file system is mounted in it';
  } catch (error) {
    return (error as Error).message;
  }
  const use = useOf(path, uses);
  return use === undefined ? undefined : `in use: ${describeUse(use)}`;
}

/** Reads what processes use in a folder. @returns a text if it is not known, with the reason */
export function usesIn(
  folders: readonly string[],
  { kernel = {} }: Pick<Ground, 'kernel'>,
): PathUse[] | string {
  const uses = readPathUses(folders, kernel);
  return isUnknown(uses) ? `it is not known whether it is in use: ${uses.unknown}` : uses;
}

/** Returns why a work folder counts as shared with another runner: one shares it, or it is not known. */
export function whyShared({ folders, kernel }: Ground): string | undefined {
  const shared = whoSharesWork(folders, kernel);
  return isUnknown(shared) ? `it is not known whether another runner uses it: ${shared.unknown}` : shared;
}

/** What identifies an entry between the plan and the removal. A program cannot set the ctime in it. */
export function identityOf(path: string | Buffer): string {
  const { dev, ino, ctimeNs } = lstatSync(path, { bigint: true });
  return `${dev}:${ino}:${ctimeNs}`;
}

/** Returns the later of an entry's two times of change. A copy may keep the modification time, but not the ctime. */
export const changeTime = ({ mtimeMs, ctimeMs }: { mtimeMs: number; ctimeMs: number }): number =>
  Math.max(mtimeMs, ctimeMs);

/** Formats an age in whole days for people. */
export const days = (milliseconds: number): string => {
  const count = Math.floor(milliseconds / 86_400_000);
  return count === 1 ? '1 day' : `${count} days`;
};
