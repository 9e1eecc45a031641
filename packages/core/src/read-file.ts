import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/** Windows knows neither; nobody leaves pipes in folders there. */
const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;

/**
 * The text of a small regular file in the runner's folders, where jobs and their containers may have left a pipe that nobody
 * writes to, or a link; `undefined` for what is no such file, is larger than `limitBytes`, or cannot be read.
 */
export function readSmallFile(path: string, limitBytes: number): string | undefined {
  try {
    const file = openSync(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    try {
      const entry = fstatSync(file);
      return entry.isFile() && entry.size <= limitBytes ? readFileSync(file, 'utf8') : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}
