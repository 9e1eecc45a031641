import { readlink, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readFolder } from '../read-folder-io.ts';
import type { PackageQuery } from './package-query.ts';
import type { FoundPackages, InstalledPackage, Packages } from './package-database.ts';

/** Homebrew's default folders: on Apple silicon, on Intel, and on Linux (docs.brew.sh/Installation). */
const prefixes = ['/opt/homebrew', '/usr/local', '/home/linuxbrew/.linuxbrew'];

/**
 * Finds Homebrew's packages in its folders. `brew` itself would start Ruby. A formula is `Cellar/NAME/VERSION`, and
 * `opt/NAME` links to the version in use; an alias is a link in `opt` only. A cask is `Caskroom/TOKEN/VERSION`.
 */
export async function openBrew({ environment }: Pick<PackageQuery, 'environment'>): Promise<Packages> {
  const own = environment['HOMEBREW_PREFIX'];
  const candidates = own === undefined || own === '' ? prefixes : [own];
  for (const prefix of candidates) {
    const folders = ['Cellar', 'Caskroom'].map((name) => readFolder(join(prefix, name)));
    const listed = await Promise.all(folders);
    const problem = listed.find((one) => 'unknown' in one);
    if (problem !== undefined) return problem;
    if (listed.some((one) => 'names' in one && one.names.length > 0))
      return { manager: 'brew', source: prefix, find: (name) => findFormula(prefix, name) };
  }
  return { unknown: `Homebrew has no packages in ${candidates.join(', ')}` };
}

async function findFormula(prefix: string, asked: string): Promise<FoundPackages> {
  // `user/tap/name` is kept in the folder `name`.
  const name = asked.slice(asked.lastIndexOf('/') + 1);
  if (name === '' || name.startsWith('.')) return { named: [], providers: [], foreign: [] };
  const [formula, casks] = await Promise.all([readFormula(prefix, name), readCasks(prefix, name)]);
  const named = [...formula, ...casks];
  const by = named.length > 0 ? undefined : await readAlias(prefix, name);
  const providers = by === undefined ? [] : [{ by, version: by.version }];
  return { named, providers, foreign: [] };
}

/** Reads a formula's versions; the one in use, or all of them as unlinked. */
async function readFormula(prefix: string, name: string): Promise<InstalledPackage[]> {
  const rack = await readFolder(join(prefix, 'Cellar', name));
  const versions = 'names' in rack ? rack.names : [];
  if (versions.length === 0) return [];
  const inUse = await versionInUse(prefix, name);
  const isHeld = await stat(join(prefix, 'var/homebrew/pinned', name)).then(
    () => true,
    () => false,
  );
  const one = { name, provides: [], ...(isHeld ? { isHeld } : {}) };
  if (inUse !== undefined && versions.includes(inUse))
    return [{ ...one, version: inUse, state: 'installed' }];
  return versions.map((version) => ({ ...one, version, state: 'unlinked' }));
}

async function readCasks(prefix: string, name: string): Promise<InstalledPackage[]> {
  const versions = await readFolder(join(prefix, 'Caskroom', name));
  if (!('names' in versions)) return [];
  return versions.names.map((version) => ({ name, version, state: 'installed', provides: [] }));
}

/** Returns the version that `opt/NAME` links to, if it is there. */
async function versionInUse(prefix: string, name: string): Promise<string | undefined> {
  const link = join(prefix, 'opt', name);
  try {
    const target = await readlink(link);
    return (await stat(link)).isDirectory() ? basename(target) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the formula that the alias `opt/NAME` leads to, such as python@3.12 for python3. */
async function readAlias(prefix: string, name: string): Promise<InstalledPackage | undefined> {
  const target = await readlink(join(prefix, 'opt', name)).catch(() => undefined);
  const [version, formula, cellar] = (target ?? '').split('/').reverse();
  if (version === undefined || formula === undefined || cellar !== 'Cellar' || formula === name)
    return undefined;
  const versions = await readFormula(prefix, formula);
  return versions.find((one) => one.version === version);
}
