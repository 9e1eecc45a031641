import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { isInside } from './runner-folders.ts';

/** Folders with programs, settings and devices of the system. No path in them is allowed. Source: hier(7), FHS 3.0. */
const forbiddenTrees = [
  ...[
    '/bin',
    '/boot',
    '/dev',
    '/etc',
    '/lib',
    '/lib32',
    '/lib64',
    '/libx32',
    '/proc',
    '/sbin',
    '/sys',
    '/usr',
  ],
  ...['/nix/store', '/System', '/private/etc'],
  ...['C:\\Windows', 'C:\\Program Files', 'C:\\Program Files (x86)'],
];
/** Subfolders of these that are allowed: locally installed programs and shared memory. */
const exceptions = ['/usr/local', '/dev/shm'];
/** Folders that many programs share. A path in them is allowed, but not the folder itself. */
const forbiddenFolders = [
  ...['/', '/home', '/opt', '/root', '/run', '/tmp', '/usr/local', '/dev/shm'],
  ...['/var', '/var/cache', '/var/lib', '/var/log', '/var/run', '/var/spool', '/var/tmp'],
  ...['/Applications', '/Library', '/Library/Caches', '/Users', '/private', '/private/tmp', '/private/var'],
  ...['C:\\', 'C:\\Users', 'C:\\ProgramData'],
];
/** Folders of a home directory that contain keys. */
const keyFolders = ['.aws', '.azure', '.config/gcloud', '.config/gh', '.docker', '.gnupg', '.kube', '.ssh'];

/**
 * Checks whether a path is a system folder, a home directory or a folder of keys, or is in one or contains one.
 * Checks the path as it is written and the path with its links resolved.
 * @param path absolute
 * @returns the reason, as the end of a sentence; `undefined` if the path is allowed
 */
export function systemFolderOf(path: string, home = homeOfUser()): string | undefined {
  const homes = home === '' ? [''] : [home, realPathOf(home)];
  return [resolve(path), realPathOf(path)]
    .flatMap((candidate) => homes.map((itsHome) => whyForbidden(candidate, itsHome)))
    .find((reason) => reason !== undefined);
}

function whyForbidden(path: string, home: string): string | undefined {
  if (dirname(path) === path || forbiddenFolders.some((folder) => relative(folder, path) === ''))
    return `is a folder of the system, ${path}`;
  const system = exceptions.some((folder) => isInside(path, folder))
    ? undefined
    : forbiddenTrees.find((folder) => isInside(path, folder));
  if (system !== undefined) return `${relationOf(path, system)} a folder of the system, ${system}`;
  if (home === '') return undefined;
  if (isInside(home, path)) return `${relationOf(path, home)} the home directory, ${home}`;
  const keyFolder = keyFolders
    .map((name) => join(home, name))
    .find((folder) => isInside(path, folder) || isInside(folder, path));
  return keyFolder === undefined
    ? undefined
    : `${relationOf(path, keyFolder)} a folder of keys, ${keyFolder}`;
}

/** Returns how a path relates to a folder. The path must be the folder, contain it or be inside it. */
export function relationOf(path: string, folder: string): 'is' | 'contains' | 'lies in' {
  if (!isInside(path, folder)) return 'contains';
  return isInside(folder, path) ? 'is' : 'lies in';
}

/** Returns the home directory; '' if there is none: a user in a container may have no home. */
function homeOfUser(): string {
  try {
    return homedir();
  } catch {
    return '';
  }
}

/** Resolves the links in a path. Parts at the end that do not exist stay unchanged. */
export function realPathOf(path: string): string {
  let folder = resolve(path);
  for (let rest = ''; ; rest = join(basename(folder), rest), folder = dirname(folder)) {
    try {
      return join(realpathSync(folder), rest);
    } catch {
      if (dirname(folder) === folder) return resolve(path);
    }
  }
}
