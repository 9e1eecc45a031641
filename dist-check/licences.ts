import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Licences of packages that a bundle may contain. None of them requires users to publish their own code. */
export const allowed: readonly string[] = [
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
  '(MIT OR CC0-1.0)',
  '(Apache-2.0 AND BSD-3-Clause)',
];

/** Returns the folders of the registry packages that contain these modules, sorted by name. @param modules paths */
export function packagesOf(modules: readonly string[]): string[] {
  const folders = modules.flatMap(
    (path) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(path) ?? [],
  );
  const nameOf = (folder: string) => folder.slice(folder.lastIndexOf('node_modules'));
  return [...new Set(folders)].sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
}

interface Package {
  folder: string;
  name: string;
  version: string;
  license?: string;
  repository?: { url?: string } | string;
}

/**
 * Returns the licence texts of packages, as one text.
 *
 * @param folders the folders of the packages
 * @throws Error if a package has no licence or one that is not on the list, or if its text is not known
 */
export function licenceTexts(folders: readonly string[]): string {
  const packages = folders.map((folder): Package => {
    const file = readFileSync(join(folder, 'package.json'), 'utf8');
    return { ...(JSON.parse(file) as Omit<Package, 'folder'>), folder };
  });
  const parts = packages.map((one) => {
    if (one.license === undefined || !allowed.includes(one.license))
      throw new Error(
        `${one.name} has the licence ${one.license ?? '(none)'}, which is not on the list in dist-check/licences.ts`,
      );
    // The packages of one repository often have one licence file, and not all of them contain it.
    const related = packages.filter(
      (other) => repositoryOf(other) === repositoryOf(one) && other.license === one.license,
    );
    const text = [one, ...(repositoryOf(one) === '' ? [] : related)].map(licenceFile).find(Boolean);
    if (text === undefined)
      throw new Error(`${one.name} has no licence file, so its bundle would not contain the licence`);
    return `${one.name} ${one.version}\n${text.trim().replaceAll('\r\n', '\n')}\n`;
  });
  return [...new Set(parts)].join('\n');
}

function repositoryOf({ repository }: Package): string {
  return (typeof repository === 'string' ? repository : repository?.url) ?? '';
}

function licenceFile({ folder }: Package): string | undefined {
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.|-|$)/i.test(entry));
  return file === undefined ? undefined : readFileSync(join(folder, file), 'utf8');
}
