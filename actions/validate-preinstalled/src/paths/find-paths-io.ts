import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { mountsBelow } from '@runner-actions/host';
import { hasWildcards, matchesName } from './wildcard.ts';

/** Number of entries that a search looks at. */
const maxEntries = 20_000;

interface Search {
  left: number;
  found: string[];
  /** `**` does not go into what is mounted below the start. */
  mounts: ReadonlySet<string>;
  /** Aborts when no time is left. */
  signal: AbortSignal | undefined;
}

/**
 * Finds the paths that match an absolute pattern, in order. `**` stands for any folders; it follows no links and
 * enters no mount.
 * @throws Error if there is too much to look at; the reason of the signal when it aborts
 */
export async function findPaths(pattern: string, signal?: AbortSignal): Promise<string[]> {
  const parts = pattern.split('/').filter((part) => part !== '' && part !== '.');
  const first = parts.findIndex(hasWildcards);
  const start = `/${parts.slice(0, first).join('/')}`;
  const mounts = new Set(mountsBelow(start));
  mounts.delete(start);
  const search = { left: maxEntries, found: [], mounts, signal };
  await descend(start, parts.slice(first), search);
  return [...new Set(search.found)].sort();
}

async function descend(folder: string, parts: readonly string[], search: Search): Promise<void> {
  const [part, ...rest] = parts;
  if (part === undefined) {
    if (await isThere(folder)) search.found.push(folder);
    return;
  }
  if (part === '**') await descend(folder, rest, search);
  else if (!hasWildcards(part)) return descend(join(folder, part), rest, search);
  for (const { name, isFolder } of await entriesOf(folder, search)) {
    const path = join(folder, name);
    if (part === '**') {
      if (isFolder && !name.startsWith('.') && !search.mounts.has(path)) await descend(path, parts, search);
    } else if (matchesName(part, name)) {
      if (rest.length === 0) search.found.push(path);
      else await descend(path, rest, search);
    }
  }
}

/** @throws Error if nobody can tell, as in a folder that may not be searched */
async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isAbsence(error)) return false;
    throw error;
  }
}

function isAbsence(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** Lists a folder. What is no folder, or may not be read, has no entries. */
async function entriesOf(folder: string, search: Search): Promise<{ name: string; isFolder: boolean }[]> {
  search.signal?.throwIfAborted();
  const entries: { name: string; isFolder: boolean }[] = [];
  try {
    for await (const entry of await opendir(folder)) {
      search.left -= 1;
      if (search.left < 0) break;
      entries.push({ name: entry.name, isFolder: entry.isDirectory() });
    }
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
  if (search.left < 0)
    throw new Error(`the pattern covers more than ${maxEntries} entries; write a longer path`);
  return entries;
}
