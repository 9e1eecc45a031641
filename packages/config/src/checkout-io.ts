import { lstat, open, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { isInside } from '@runner-actions/host';
import { documentLimit } from './document.ts';
import type { Fetched, Files } from './files.ts';

const commit = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * The commit that the checkout in `folder` stands on; `undefined` when there is none, or it cannot be told. Reads git's
 * files itself: nothing of a folder that a stranger may have left is executed, hooks and `core.fsmonitor` included.
 */
export async function headOf(folder: string): Promise<string | undefined> {
  const git = join(folder, '.git');
  try {
    // A link or a file would lead to where others may write.
    if (!(await lstat(git)).isDirectory()) return undefined;
    const head = (await readFile(join(git, 'HEAD'), 'utf8')).trim();
    if (commit.test(head)) return head;
    const [, ref] = /^ref: (refs\/[^\s]+)$/.exec(head) ?? [];
    if (ref === undefined || ref.split('/').includes('..')) return undefined;
    return (await looseRef(git, ref)) ?? (await packedRef(git, ref));
  } catch {
    return undefined;
  }
}

async function looseRef(git: string, ref: string): Promise<string | undefined> {
  const text = await readFile(join(git, ref), 'utf8').catch(() => '');
  return commit.test(text.trim()) ? text.trim() : undefined;
}

async function packedRef(git: string, ref: string): Promise<string | undefined> {
  const lines = (await readFile(join(git, 'packed-refs'), 'utf8')).split('\n');
  const found = lines.map((line) => line.trim().split(' ')).find(([, name]) => name === ref)?.[0];
  return found !== undefined && commit.test(found) ? found : undefined;
}

/** The files below `folder`; those of other repositories come from `others`. A link out of the folder is not followed. */
export function checkoutFiles(folder: string, others: Files): Files {
  return {
    read: (place) => (place.repository === undefined ? readInside(folder, place.path) : others.read(place)),
  };
}

async function readInside(folder: string, path: string): Promise<Fetched> {
  try {
    const real = await realpath(join(folder, path));
    if (!isInside(real, await realpath(folder)))
      return { kind: 'wrong', expected: 'a file of the repository, not a link out of it' };
    return await readBounded(real);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing', why: 'there is no such file' };
    return { kind: 'unknown', why: `it cannot be read (${code})` };
  }
}

async function readBounded(path: string): Promise<Fetched> {
  const file = await open(path);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) return { kind: 'wrong', expected: 'a file, not a folder or a device' };
    if (stat.size > documentLimit) return { kind: 'wrong', expected: 'a file of at most 1 MiB' };
    return decode(await file.readFile());
  } finally {
    await file.close();
  }
}

/** The bytes as text. A byte order mark is left out. */
export function decode(bytes: Uint8Array): Fetched {
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { kind: 'wrong', expected: 'a text in UTF-8' };
  }
}
