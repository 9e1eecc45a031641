import { type BigIntStats, constants } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';

/** dpkg's database. dpkg rewrites it whenever a package is installed, removed or changed. */
export const dpkgStatus = '/var/lib/dpkg/status';

/** Returns the first bytes of a file. */
export async function readHead(path: string, bytes = 64): Promise<string> {
  // Without O_NONBLOCK, opening a named pipe would wait for a writer.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/**
 * Returns a text that changes when the path leads to another file or the file changes: path, real path, inode, size,
 * mtime and ctime. A replaced file has a new ctime even if it keeps the mtime of the old one.
 */
export async function fileIdentity(path: string): Promise<string> {
  return (await inspectFile(path)).identity;
}

/** Returns the real path of a file, its stats and its identity. */
export async function inspectFile(
  path: string,
): Promise<{ real: string; entry: BigIntStats; identity: string }> {
  const real = await realpath(path);
  const entry = await stat(real, { bigint: true });
  const { ino, size, mtimeNs, ctimeNs } = entry;
  return { real, entry, identity: [path, real, ino, size, mtimeNs, ctimeNs].join('\t') };
}

/** Returns the result, or `undefined` if the file does not exist. @throws Error for every other failure */
export async function undefinedIfMissing<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
