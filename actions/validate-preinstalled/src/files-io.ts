import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { lstat, open, stat } from 'node:fs/promises';
import type { FileSpec } from './manifest.ts';
import type { Finding } from './requirement.ts';

/** Checks a file: what it is, then its size, and only then its content. `path` is absolute. */
export async function checkFile(
  path: string,
  { sha256, size }: FileSpec,
  signal: AbortSignal,
): Promise<Finding> {
  const wanted =
    [size === undefined ? '' : `${size} bytes`, sha256 === undefined ? '' : `sha256 ${sha256.slice(0, 12)}…`]
      .filter((part) => part !== '')
      .join(', ') || 'a file';
  const fail = (found: string, advice: string): Finding => ({ status: 'fail', found, wanted, advice });
  try {
    const entry = await stat(path);
    if (entry.isDirectory()) return fail('a directory', 'Name a file in it.');
    if (!entry.isFile()) return fail('not a regular file', 'Name a regular file.');
    const isPointer = entry.size < 1024 && (await head(path)).startsWith('version https://git-lfs');
    if (isPointer) return fail('a Git LFS pointer, not the content', "Fetch it with 'git lfs pull'.");
    if (size !== undefined && entry.size !== size) return fail(`${entry.size} bytes`, 'Copy the file again.');
    if (sha256 === undefined) return { status: 'pass', found: `${entry.size} bytes`, wanted };
    const digest = await digestOf(path, signal);
    if (digest === sha256.toLowerCase())
      return { status: 'pass', found: `sha256 ${digest.slice(0, 12)}…`, wanted };
    return fail(`sha256 ${digest}`, 'The content differs; copy the file again.');
  } catch (error) {
    return unreadable(path, error as NodeJS.ErrnoException, fail, wanted);
  }
}

async function unreadable(
  path: string,
  { code, message }: NodeJS.ErrnoException,
  fail: (found: string, advice: string) => Finding,
  wanted: string,
): Promise<Finding> {
  if (code === 'EACCES' || code === 'EPERM')
    return fail('not readable by this user', 'Give the runner’s user read access.');
  if (code !== 'ENOENT' && code !== 'ENOTDIR') return { status: 'error', found: message, wanted };
  const isLink = await lstat(path).then(
    (entry) => entry.isSymbolicLink(),
    () => false,
  );
  return isLink
    ? fail('a link to nothing', 'Restore what it links to.')
    : fail('missing', 'Put the file there.');
}

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

/** Chunks of 1 MiB hash half as fast again as Node's default. */
async function digestOf(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024, signal }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}
