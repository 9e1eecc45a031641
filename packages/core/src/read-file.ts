import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/** Windows has neither O_NONBLOCK nor O_NOFOLLOW, and no pipes in folders. */
const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;

/**
 * Reads a small regular file. It is safe in the runner's folders, where jobs and their containers may leave a link,
 * or a pipe without a writer.
 * @returns the text; `undefined` if the path is not a regular file, is larger than `limitBytes`, or cannot be read
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
