import { type BigIntStats, constants } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';

/** dpkg's database. It is written anew whenever a package comes, goes or changes. */
export const dpkgStatus = '/var/lib/dpkg/status';

/** The first bytes of a file. */
export async function head(path: string, bytes = 64): Promise<string> {
  // A pipe that took the file's place would wait for a writer.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** A path, what it leads to, and that file's identity. A copy that keeps the time of the old one still has a ctime of its own. */
export async function trace(path: string): Promise<string> {
  return (await look(path)).line;
}

/** A file with its trace. */
export async function look(path: string): Promise<{ real: string; entry: BigIntStats; line: string }> {
  const real = await realpath(path);
  const entry = await stat(real, { bigint: true });
  const { ino, size, mtimeNs, ctimeNs } = entry;
  return { real, entry, line: [path, real, ino, size, mtimeNs, ctimeNs].join('\t') };
}

/** What `look` answers, or `undefined` where nothing is there. @throws Error where that is unknown */
export async function ifThere<T>(looking: Promise<T>): Promise<T | undefined> {
  try {
    return await looking;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
