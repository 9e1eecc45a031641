import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

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

/** The folders of the packages from the registry that own some of these modules, sorted by name. */
export function packagesOf(modules: readonly string[]): string[] {
  const folders = modules.flatMap(
    (path) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(path) ?? [],
  );
  const nameOf = (folder: string) => folder.slice(folder.lastIndexOf('node_modules'));
  return [...new Set(folders)].sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
}

/**
 * The licence texts of the packages in a bundle.
 * @param folders of packages
 * @throws Error for a licence that we may not pass on
 */
export function licenceTexts(folders: readonly string[]): string {
  const parts = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      name: string;
      version: string;
      license?: string;
    };
    if (license === undefined || !allowed.includes(license))
      throw new Error(`${name} has the licence ${license ?? '(none)'}, which is not on the list`);
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.|-|$)/i.test(entry));
    const text = file === undefined ? `Licensed under ${license}.` : readFileSync(join(folder, file), 'utf8');
    return `${name} ${version}\n${text.trim().replaceAll('\r\n', '\n')}\n`;
  });
  return [...new Set(parts)].join('\n');
}
