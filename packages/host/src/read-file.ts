import { constants } from 'node:fs';
import { type FileHandle, open, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { isInside } from './runner-folders.ts';

/** Why there are no bytes: it is no regular file, or a larger one than was allowed. */
export type NoFile = 'not-a-file' | 'too-large';

/** What to do with a file that is larger than was allowed: nothing, or take its start. */
type Beyond = 'refuse' | 'cut';

/** Windows knows neither; nobody leaves pipes in folders there. */
const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;

/**
 * The bytes of a regular file, for paths where strangers may have left anything. Opening a pipe would wait for a writer for
 * ever, and even keep the process from ending; a device may have no end; a link may lead anywhere, and is not followed.
 * @throws Error as `open` does; its code is ELOOP for a link
 */
export async function readRegularFile(
  path: string,
  limitBytes: number,
  beyond: Beyond = 'refuse',
): Promise<Buffer | NoFile> {
  const file = await open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  try {
    return await read(file, limitBytes, beyond);
  } finally {
    await file.close();
  }
}

/**
 * As `readRegularFile`, of a file below `folder`. Links on the way are followed where they end in the folder; `outside` is what
 * leads out of it. What was opened is looked at again, so that a link that is swapped in meanwhile leads nowhere.
 * @throws Error as `open` does
 */
export async function readFileWithin(
  folder: string,
  path: string,
  limitBytes: number,
): Promise<Buffer | NoFile | 'outside'> {
  const top = await realpath(folder);
  const real = await realpath(join(folder, path));
  if (!isInside(real, top)) return 'outside';
  const file = await open(real, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  try {
    const opened = process.platform === 'linux' ? await readlink(`/proc/self/fd/${file.fd}`) : real;
    return isInside(opened, top) ? await read(file, limitBytes, 'refuse') : 'outside';
  } finally {
    await file.close();
  }
}

async function read(file: FileHandle, limitBytes: number, beyond: Beyond): Promise<Buffer | NoFile> {
  const entry = await file.stat();
  if (!entry.isFile()) return 'not-a-file';
  if (entry.size > limitBytes && beyond === 'refuse') return 'too-large';
  // Bounded by itself too: the file may grow while it is read.
  const bytes = Buffer.alloc(Math.min(entry.size, limitBytes));
  let filled = 0;
  for (let got = 1; got > 0 && filled < bytes.length; filled += got)
    got = (await file.read(bytes, filled, bytes.length - filled, filled)).bytesRead;
  return bytes.subarray(0, filled);
}
