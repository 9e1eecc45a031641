import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** The text of a file; or that there is none; or why it is unknown. */
export type FileText = { text: string } | { missing: true } | { unknown: string };

/**
 * Reads a file that belongs to the machine, such as a package manager's database. Links are followed. A pipe or a device
 * is not waited for, and a file that grows while it is read is not read beyond the limit.
 * @param limitBytes a larger file is unknown
 */
export async function readText(path: string, limitBytes: number): Promise<FileText> {
  try {
    const file = await openRegular(path);
    try {
      const { size } = await file.stat();
      if (size > limitBytes) return { unknown: `${path} is larger than ${limitBytes} bytes` };
      return { text: (await readUpTo(file, size)).toString('utf8') };
    } finally {
      await file.close();
    }
  } catch (error) {
    return isMissing(error) ? { missing: true } : { unknown: `${path} cannot be read: ${codeOf(error)}` };
  }
}

/** Opens a regular file for reading. @throws Error if it is missing, of another kind or may not be read */
export async function openRegular(path: string): Promise<FileHandle> {
  // Without O_NONBLOCK, opening a named pipe would wait for a writer. Windows has neither.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  const entry = await file.stat().catch(() => undefined);
  if (entry?.isFile() === true) return file;
  await file.close();
  throw Object.assign(new Error(`${path} is not a regular file`), { code: 'not a regular file' });
}

async function readUpTo(file: FileHandle, size: number): Promise<Buffer> {
  const buffer = Buffer.alloc(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await file.read(buffer, filled, size - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** Whether the error says that there is no such file or folder. */
export function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Returns the error's code, such as EACCES. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
