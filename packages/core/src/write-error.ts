import { dirname } from 'node:path';
import { reasonOf } from './errors.ts';

type Fault = readonly [what: string, todo: string];

const full: Record<string, Fault> = {
  ENOSPC: [
    'no space is left on the disk of',
    "Free some space, or inodes: 'df -h' and 'df -i' show how full it is",
  ],
  EDQUOT: ["this user's quota is used up on the disk of", 'Free some space, or raise the quota'],
  EROFS: [
    'the file system is read-only at',
    'Mount it to be written; after an error of the disk Linux makes it read-only',
  ],
};
const denied: Fault = ['this user may not write in', "Give the runner's user the right to"];
const faults: Record<string, Fault> = { ...full, EACCES: denied, EPERM: denied };

/** Whether something could not be written since a disk is full or read-only, which is no fault of anybody's code. */
export function isDiskFull(thrown: unknown): boolean {
  return Object.hasOwn(full, codeOf(thrown));
}

/**
 * Why a file could not be written: what is wrong, in which folder, and what to do; without a stop at the end.
 * @param path the file; default: the one that the error names
 */
export function explainWriteFault(thrown: unknown, path = pathOf(thrown)): string {
  const code = codeOf(thrown);
  const [what, todo] = (Object.hasOwn(faults, code) ? faults[code] : undefined) ?? [];
  if (what === undefined || todo === undefined) return reasonOf(thrown);
  return `${what} ${path === undefined ? 'a folder that this step writes to' : dirname(path)} (${code}). ${todo}`;
}

function codeOf(thrown: unknown): string {
  return String((thrown as NodeJS.ErrnoException | undefined)?.code ?? '');
}

function pathOf(thrown: unknown): string | undefined {
  const { path } = (thrown ?? {}) as NodeJS.ErrnoException;
  return typeof path === 'string' ? path : undefined;
}
