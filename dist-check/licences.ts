import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Licences of packages that a bundle may contain. */
const allowed = [
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

/**
 * Returns the licence texts of packages, as one text.
 *
 * @param folders the folders of the packages
 * @throws Error if a package has no licence or one that is not on the list
 */
export function licenceTexts(folders: readonly string[]): string {
  const parts = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      name: string;
      version: string;
      license?: string;
    };
    if (license === undefined || !allowed.includes(license))
      throw new Error(
        `${name} has the licence ${license ?? '(none)'}, which is not on the list in dist-check/licences.ts`,
      );
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.|-|$)/i.test(entry));
    const text = file === undefined ? `Licensed under ${license}.` : readFileSync(join(folder, file), 'utf8');
    return `${name} ${version}\n${text.trim().replaceAll('\r\n', '\n')}\n`;
  });
  return [...new Set(parts)].join('\n');
}
