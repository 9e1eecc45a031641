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
/** The explanation is about the file itself, not about its folder. */
const inTheWay: Explanation = ['a folder is in the place of', 'Remove it'];
const explanations: Record<string, Explanation> = {
  ...diskErrors,
  EACCES: denied,
  EPERM: denied,
  EISDIR: inTheWay,
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
  const isFile = code === 'EISDIR';
  const unnamed = isFile ? 'a file that this step writes' : 'a folder that this step writes to';
  const place = path === undefined ? unnamed : isFile ? path : dirname(path);
  return `${problem} ${place} (${code}). ${remedy}`;
}

function codeOf(thrown: unknown): string {
  return String((thrown as NodeJS.ErrnoException | undefined)?.code ?? '');
}

function pathOf(thrown: unknown): string | undefined {
  const { path } = (thrown ?? {}) as NodeJS.ErrnoException;
  return typeof path === 'string' ? path : undefined;
}
