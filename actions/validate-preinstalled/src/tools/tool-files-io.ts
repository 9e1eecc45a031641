import { readdir, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { type FileProbe, readsContent, readToolFiles, type ToolEntry } from '@runner-actions/manifest';
import { readHead } from '../file-identity-io.ts';
import { matchesName } from '../paths/wildcard.ts';

/** Bytes of a file that are read, and matches of a path that are looked at. */
const limits = { bytes: 64 * 1024, matches: 100 };

/**
 * Reads the version of a tool from its files, which takes no process. Returns an empty list if they do not tell it.
 * @param path the executable
 */
export async function versionsFromFiles(
  path: string,
  { files = [], list }: ToolEntry,
): Promise<readonly string[]> {
  if (files.length === 0) return [];
  const folder = dirname(await realpath(path));
  for (const probe of files) {
    const versions = await versionsOf(probe, folder, list === true).catch(() => []);
    if (versions.length > 0) return versions;
  }
  return [];
}

async function versionsOf(probe: FileProbe, folder: string, list: boolean): Promise<readonly string[]> {
  if (probe.unless !== undefined && (await matchesOf(probe.unless, folder)).length > 0) return [];
  const paths = await matchesOf(probe.path, folder);
  const found = await Promise.all(
    paths.map(async (path) => ({
      path,
      ...(readsContent(probe) ? { content: await readHead(path, limits.bytes) } : {}),
    })),
  );
  return readToolFiles(probe, found, list);
}

/** Returns the existing paths that match. A segment may have wildcards; `~` is the user's home folder. */
async function matchesOf(pattern: string, folder: string): Promise<string[]> {
  const segments = pattern.split('/');
  let places = [segments[0] === '~' ? homedir() : folder];
  for (const segment of segments[0] === '~' ? segments.slice(1) : segments) {
    const next = segment.includes('*')
      ? await Promise.all(places.map((place) => namesLike(place, segment)))
      : [places.map((place) => join(place, segment))];
    places = next.flat().slice(0, limits.matches);
  }
  const there = await Promise.all(
    places.map((place) =>
      realpath(place).then(
        () => true,
        () => false,
      ),
    ),
  );
  return places.filter((_, index) => there[index]);
}

async function namesLike(folder: string, pattern: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => matchesName(pattern, name)).map((name) => join(folder, name));
}
