import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Action, root } from './actions.ts';

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

export interface Lock {
  packages: Record<
    string,
    {
      version?: string;
      license?: string;
      dependencies?: Record<string, string>;
      link?: boolean;
      resolved?: string;
    }
  >;
}

export function readLock(): Lock {
  return JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
}

/** Which of the packages that an action may bundle have no licence that we may pass on. */
export function checkLicences(action: Action, lock: Lock): string[] {
  return bundled(`actions/${action.name}`, lock).flatMap((path) => {
    const licence = lock.packages[path]?.license;
    if (licence === undefined || !allowed.includes(licence)) {
      return [`${path} has the licence ${licence ?? '(none)'}, which is not on the list`];
    }
    return [];
  });
}

/**
 * The licence texts of all packages that an action may bundle. ncc's own list leaves out modules that it joins into
 * others, so it is made from the lock file.
 */
export function licenceTexts(name: string, lock: Lock): string {
  const parts = bundled(`actions/${name}`, lock).map((path) => {
    const folder = join(root, path);
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.|-|$)/i.test(entry));
    const text =
      file === undefined
        ? `Licensed under ${lock.packages[path]?.license}.`
        : readFileSync(join(folder, file), 'utf8');
    return `${path.split('node_modules/').at(-1)} ${lock.packages[path]?.version}\n${text.trim().replaceAll('\r\n', '\n')}\n`;
  });
  return [...new Set(parts)].join('\n');
}

/** The packages from the registry that `start` depends on, by their paths in the lock file. */
function bundled(start: string, lock: Lock): string[] {
  const found = new Set<string>();
  const visit = (path: string): void => {
    for (const name of Object.keys(lock.packages[path]?.dependencies ?? {})) {
      const place = resolveIn(lock, path, name);
      if (place === undefined || found.has(place)) continue;
      if (place.includes('node_modules/')) found.add(place);
      visit(place);
    }
  };
  visit(start);
  return [...found].sort();
}

/** As Node resolves: the nearest `node_modules` up from `path`; a workspace is a link to its folder. */
function resolveIn(lock: Lock, path: string, name: string): string | undefined {
  for (let folder = path; ; folder = folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) : '') {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    const entry = lock.packages[place];
    if (entry !== undefined) return entry.link === true ? entry.resolved : place;
    if (folder === '') return undefined;
  }
}
