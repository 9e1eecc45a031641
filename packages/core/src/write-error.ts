import { dirname } from 'node:path';
import { reasonOf } from './errors.ts';

type Explanation = readonly [problem: string, remedy: string];

const diskErrors: Record<string, Explanation> = {
  ENOSPC: [
    'no space is left on the disk of',
    "Free some space, or inodes: 'df -h' and 'df -i' show how full it is",
  ],
  EDQUOT: ["this user's quota is used up on the disk of", 'Free some space, or raise the quota'],
  EROFS: [
    'the file system is read-only at',
    'Remount it writable. After a disk error Linux remounts a file system read-only',
  ],
};
const denied: Explanation = [
  'this user may not write in',
  "Give the runner's user permission to write there",
];
const folder: Explanation = ['a folder has the name of the file in', 'Remove it'];
const explanations: Record<string, Explanation> = {
  ...diskErrors,
  EACCES: denied,
  EPERM: denied,
  EISDIR: folder,
};

/** Returns whether a write failed because a disk is full or read-only, which is not an error in the code. */
export function isDiskFull(thrown: unknown): boolean {
  return Object.hasOwn(diskErrors, codeOf(thrown));
}

/**
 * Explains why a file could not be written: the problem, the folder, and the remedy. The text has no full stop at the
 * end.
 * @param path the file. Default: the path that the error names
 */
export function describeWriteError(thrown: unknown, path = pathOf(thrown)): string {
  const code = codeOf(thrown);
  const [problem, remedy] = (Object.hasOwn(explanations, code) ? explanations[code] : undefined) ?? [];
  if (problem === undefined || remedy === undefined) return reasonOf(thrown);
  return `${problem} ${path === undefined ? 'a folder that this step writes to' : dirname(path)} (${code}). ${remedy}`;
}

function codeOf(thrown: unknown): string {
  return String((thrown as NodeJS.ErrnoException | undefined)?.code ?? '');
}

function pathOf(thrown: unknown): string | undefined {
  const { path } = (thrown ?? {}) as NodeJS.ErrnoException;
  return typeof path === 'string' ? path : undefined;
}
