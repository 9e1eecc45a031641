import { constants } from 'node:fs';
import { type FileHandle, open, readlink, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { isInside } from './runner-folders.ts';

/** Why a file was not read: it is not a regular file, or it is larger than the limit. */
export type NoFile = 'not-a-file' | 'too-large';

/** How to handle a file above the limit: do not read it, or read only its start. */
type Beyond = 'refuse' | 'cut';

/** Windows has neither O_NONBLOCK nor O_NOFOLLOW, and no pipes in folders. */
const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;

/**
 * Reads a regular file. It is safe for untrusted paths: to open a pipe would wait for a writer forever and keep the
 * process from ending, a device may have no end, and a link may point anywhere, so none of them is read.
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
 * Reads a file below `folder` as `readRegularFile` does. Follows links that stay in the folder; for a path that leads
 * out of it the result is `outside`. On Linux it checks the path of the opened file again, in case a link was
 * replaced in between.
 * @param closed the name of folders that count as outside, wherever they are, in lower case: `.git`
 * @throws Error as `open` does
 */
export async function readFileWithin(
  folder: string,
  path: string,
  limitBytes: number,
  closed?: string,
): Promise<Buffer | NoFile | 'outside'> {
  const top = await realpath(folder);
  const isOpen = (found: string): boolean => isInside(found, top) && !passes(relative(top, found), closed);
  const real = await realpath(join(folder, path));
  if (!isOpen(real)) return 'outside';
  const file = await open(real, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  try {
    const opened = process.platform === 'linux' ? await readlink(`/proc/self/fd/${file.fd}`) : real;
    return isOpen(opened) ? await read(file, limitBytes, 'refuse') : 'outside';
  } finally {
    await file.close();
  }
}

/** Whether a path has a part of this name. Some systems do not tell capitals from small letters. */
function passes(path: string, name: string | undefined): boolean {
  return name !== undefined && path.split(sep).some((part) => part.toLowerCase() === name);
}

async function read(file: FileHandle, limitBytes: number, beyond: Beyond): Promise<Buffer | NoFile> {
  const entry = await file.stat();
  if (!entry.isFile()) return 'not-a-file';
  if (entry.size > limitBytes && beyond === 'refuse') return 'too-large';
  // The buffer limits the read as well, because the file may grow while it is read.
  const bytes = Buffer.alloc(Math.min(entry.size, limitBytes));
  let filled = 0;
  for (let got = 1; got > 0 && filled < bytes.length; filled += got)
    got = (await file.read(bytes, filled, bytes.length - filled, filled)).bytesRead;
  return bytes.subarray(0, filled);
}
