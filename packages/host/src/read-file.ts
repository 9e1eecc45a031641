import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** Why there are no bytes: it is no regular file, or a larger one than was allowed. */
export type NoFile = 'not-a-file' | 'too-large';

/** Windows knows neither; nobody leaves pipes in folders there. */
const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;

/**
 * The bytes of a regular file, for paths where strangers may have left anything. Opening a pipe would wait for a writer for
 * ever, and even keep the process from ending; a device may have no end; a link may lead anywhere, and is not followed.
 * @throws Error as `open` does; its code is ELOOP for a link
 */
export async function readRegularFile(path: string, limitBytes: number): Promise<Buffer | NoFile> {
  const file = await open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  try {
    const entry = await file.stat();
    if (!entry.isFile()) return 'not-a-file';
    return entry.size > limitBytes ? 'too-large' : await file.readFile();
  } finally {
    await file.close();
  }
}
