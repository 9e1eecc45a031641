import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { readFileWithin } from '@runner-actions/host';
import type { Fetched, Files } from './files.ts';
import { documentLimit, readTextWithin } from './text-io.ts';

const commit = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** Bytes. The packed refs of large repositories have a few MiB. */
const gitFileLimit = 64 * documentLimit;

/**
 * Returns the HEAD commit of the checkout in `folder`; `undefined` if there is none or it cannot be read. Reads git's
 * files without running git, so that nothing in an untrusted folder is executed, not even a hook or `core.fsmonitor`.
 */
export async function headOf(folder: string): Promise<string | undefined> {
  const git = join(folder, '.git');
  try {
    // A link or a file at `.git` would lead to a folder that others may be able to write.
    if (!(await lstat(git)).isDirectory()) return undefined;
    const head = (await readGitFile(git, 'HEAD')).trim();
    if (commit.test(head)) return head;
    const [, ref] = /^ref: (refs\/[^\s]+)$/.exec(head) ?? [];
    if (ref === undefined || ref.split('/').includes('..')) return undefined;
    return (await looseRef(git, ref)) ?? (await packedRef(git, ref));
  } catch {
    return undefined;
  }
}

async function looseRef(git: string, ref: string): Promise<string | undefined> {
  const text = await readGitFile(git, ref).catch(() => '');
  return commit.test(text.trim()) ? text.trim() : undefined;
}

async function packedRef(git: string, ref: string): Promise<string | undefined> {
  const lines = (await readGitFile(git, 'packed-refs')).split('\n');
  const found = lines.map((line) => line.trim().split(' ')).find(([, name]) => name === ref)?.[0];
  return found !== undefined && commit.test(found) ? found : undefined;
}

/** Reads a file of git's folder. @returns '' if the path is not a file in that folder */
async function readGitFile(git: string, name: string): Promise<string> {
  const found = await readFileWithin(git, name, gitFileLimit);
  return Buffer.isBuffer(found) ? found.toString('utf8') : '';
}

/**
 * Reads files below `folder`, and files of other repositories from `others`. Does not follow a link out of the
 * folder.
 */
export function checkoutFiles(folder: string, others: Files): Files {
  return {
    read: (place) => (place.repository === undefined ? readInside(folder, place.path) : others.read(place)),
  };
}

async function readInside(folder: string, path: string): Promise<Fetched> {
  try {
    return await readTextWithin(folder, path);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing', why: 'there is no such file' };
    return { kind: 'unknown', why: `it cannot be read (${code})` };
  }
}
