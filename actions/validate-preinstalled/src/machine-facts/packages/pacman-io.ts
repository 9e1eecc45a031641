import { join } from 'node:path';
import { readFolder } from '../read-folder-io.ts';
import { readText } from '../read-text-io.ts';
import { providedNames } from './apk-installed.ts';
import { type InstalledPackage, indexPackages, type Packages } from './package-database.ts';

/** How many files are open at a time. */
const atATime = 64;

/**
 * Reads pacman's packages below `root`: a folder for each, whose `desc` has the name, version and what it provides
 * (libalpm, `lib/libalpm/be_local.c`).
 */
export async function openPacman(root: string): Promise<Packages> {
  const folder = join(root, 'var/lib/pacman/local');
  const listed = await readFolder(folder);
  if ('unknown' in listed) return listed;
  const names = 'names' in listed ? listed.names.filter((name) => name !== 'ALPM_DB_VERSION') : [];
  if (names.length === 0) return { unknown: `${folder} lists no package` };
  const installed: InstalledPackage[] = [];
  for (let start = 0; start < names.length; start += atATime) {
    const some = names.slice(start, start + atATime);
    const read = await Promise.all(some.map((name) => readText(join(folder, name, 'desc'), 1024 ** 2)));
    for (const [index, one] of read.entries()) {
      if ('unknown' in one) return one;
      const known = 'text' in one ? parsePacmanDesc(one.text) : undefined;
      installed.push(known ?? brokenPackage(some[index] ?? ''));
    }
  }
  return { manager: 'pacman', source: folder, find: indexPackages(installed), installed };
}

/** Reads a `desc` file: `%FIELD%`, its values line by line, an empty line. */
export function parsePacmanDesc(text: string): InstalledPackage | undefined {
  const fields = new Map<string, string[]>();
  let values: string[] = [];
  for (const line of text.split('\n')) {
    if (/^%[A-Z0-9]+%$/.test(line)) fields.set(line.slice(1, -1), (values = []));
    else if (line !== '') values.push(line);
  }
  const [name, version] = ['NAME', 'VERSION'].map((field) => fields.get(field)?.[0]);
  const architecture = fields.get('ARCH')?.[0];
  if (name === undefined || version === undefined) return undefined;
  return {
    ...{
      name,
      version,
      state: 'installed',
      provides: providedNames((fields.get('PROVIDES') ?? []).join(' ')),
    },
    ...(architecture === undefined ? {} : { architecture }),
  };
}

/** A folder `name-version-release` without a readable `desc`: pacman was stopped while it installed the package. */
function brokenPackage(folder: string): InstalledPackage {
  const parts = folder.split('-');
  const [name, version] = [parts.slice(0, -2).join('-'), parts.slice(-2).join('-')];
  return { name, version, state: 'half-installed', provides: [] };
}
