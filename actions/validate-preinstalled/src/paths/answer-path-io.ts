import { createHash } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import { access, lstat, open, opendir, realpath, stat } from 'node:fs/promises';
import { diskOf } from '@runner-actions/host';
import { whyNotPublic } from '../strangers/public-file-io.ts';
import { findPaths } from './find-paths-io.ts';
import type { PathFacts, PathQuestion, PathType, Right } from './path-facts.ts';

/** Number of names of a folder of PATH. */
const maxNames = 50_000;
const { R_OK, W_OK, X_OK, O_RDONLY, O_NONBLOCK = 0 } = constants;

/** Answers a question about a path. @throws Error of the file system */
export async function answerPath(question: PathQuestion, signal?: AbortSignal): Promise<unknown> {
  switch (question.act) {
    case 'look':
      return lookAt(question.path, question.rights);
    case 'find':
      return findPaths(question.pattern, signal);
    case 'read':
      return readText(question.path, question.limitBytes);
    case 'digest':
      return digestOf(question.path, signal);
    case 'publicity':
      return (await whyNotPublic(question.path, question.folders)) ?? null;
    case 'disk':
      return diskOf(question.path);
    case 'list':
      return listNames(question.path);
  }
}

async function lookAt(path: string, rights: readonly Right[]): Promise<PathFacts> {
  try {
    const own = await lstat(path, { bigint: true });
    const isLink = own.isSymbolicLink();
    const entry = isLink ? await stat(path, { bigint: true }) : own;
    const { dev, ino, size, mtimeNs, ctimeNs } = entry;
    return {
      ...{ path, there: typeOf(entry), isLink },
      ...{ mode: Number(entry.mode & 0o7777n), uid: Number(entry.uid), gid: Number(entry.gid) },
      size: Number(size),
      identity: [path, dev, ino, size, mtimeNs, ctimeNs].join('\t'),
      changed: Number(ctimeNs / 1_000_000n),
      denied: await deniedOf(path, rights),
    };
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') return { path, there: 'no access' };
    if (!['ENOENT', 'ENOTDIR', 'ELOOP'].includes(code)) throw error;
    const isLink = await lstat(path).then(
      (own) => own.isSymbolicLink(),
      () => false,
    );
    return { path, there: isLink ? 'broken link' : 'nothing' };
  }
}

function typeOf(entry: BigIntStats): PathType {
  if (entry.isDirectory()) return 'directory';
  if (entry.isSocket()) return 'socket';
  if (entry.isFIFO()) return 'pipe';
  return entry.isFile() ? 'file' : 'device';
}

async function deniedOf(path: string, rights: readonly Right[]): Promise<Right[]> {
  const modes = { read: R_OK, write: W_OK, execute: X_OK };
  const tried = rights.map(async (right) =>
    access(path, modes[right]).then(
      () => [],
      () => [right],
    ),
  );
  return (await Promise.all(tried)).flat();
}

/** Reads a regular file. Without O_NONBLOCK, to open a named pipe would wait for a writer. */
async function readText(path: string, limitBytes: number): Promise<string | null> {
  const file = await open(path, O_RDONLY | O_NONBLOCK);
  try {
    const entry = await file.stat();
    if (!entry.isFile()) return null;
    const bytes = Buffer.alloc(limitBytes);
    let filled = 0;
    for (let got = 1; got > 0 && filled < limitBytes; filled += got)
      got = (await file.read(bytes, filled, limitBytes - filled, filled)).bytesRead;
    return bytes.toString('utf8', 0, filled);
  } finally {
    await file.close();
  }
}

/** Returns the SHA-256 of a file. With chunks of 1 MiB this is 1.5 times as fast as with Node's default. */
async function digestOf(path: string, signal?: AbortSignal): Promise<string> {
  const file = await open(path, O_RDONLY | O_NONBLOCK);
  const hash = createHash('sha256');
  const options = { highWaterMark: 1024 * 1024, ...(signal === undefined ? {} : { signal }) };
  // The stream closes the file.
  for await (const chunk of file.createReadStream(options)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function listNames(path: string): Promise<{ real: string; names: string[] } | null> {
  const names: string[] = [];
  try {
    const real = await realpath(path);
    for await (const { name } of await opendir(real)) if (names.push(name) === maxNames) break;
    return { real, names };
  } catch {
    return null;
  }
}
