import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { isInside } from './runner-folders.ts';

/** Folders that the system's own programs, settings and devices are in: nothing of ours belongs anywhere below them. Source: hier(7), FHS 3.0. */
const whole = [
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
/** In those, what is meant for others after all: a machine's own programs, shared memory. */
const exceptions = ['/usr/local', '/dev/shm'];
/** Folders that hold those of many: one below is a place for something of ours, they themselves are not. */
const shared = [
  ...['/', '/home', '/opt', '/root', '/run', '/tmp', '/usr/local', '/dev/shm'],
  ...['/var', '/var/cache', '/var/lib', '/var/log', '/var/run', '/var/spool', '/var/tmp'],
  ...['/Applications', '/Library', '/Library/Caches', '/Users', '/private', '/private/tmp', '/private/var'],
  ...['C:\\', 'C:\\Users', 'C:\\ProgramData'],
];
/** In a home, what holds its owner's keys. */
const secrets = ['.aws', '.azure', '.config/gcloud', '.config/gh', '.docker', '.gnupg', '.kube', '.ssh'];

/**
 * What a path is, contains or lies in, where that makes it no place for a folder of ours, in words that end a sentence; `undefined`: it may
 * be one. Asked of the path as it is written, and of where links lead.
 * @param path absolute
 */
export function systemFolderOf(path: string, home = homeOfUser()): string | undefined {
  const homes = home === '' ? [''] : [home, realPlace(home)];
  return [resolve(path), realPlace(path)]
    .flatMap((one) => homes.map((its) => belonging(one, its)))
    .find((what) => what !== undefined);
}

function belonging(path: string, home: string): string | undefined {
  if (dirname(path) === path || shared.some((folder) => relative(folder, path) === ''))
    return `is a folder of the system, ${path}`;
  const system = exceptions.some((folder) => isInside(path, folder))
    ? undefined
    : whole.find((folder) => isInside(path, folder));
  if (system !== undefined) return `${relationOf(path, system)} a folder of the system, ${system}`;
  if (home === '') return undefined;
  if (isInside(home, path)) return `${relationOf(path, home)} the home directory, ${home}`;
  const secret = secrets
    .map((name) => join(home, name))
    .find((folder) => isInside(path, folder) || isInside(folder, path));
  return secret === undefined ? undefined : `${relationOf(path, secret)} a folder of keys, ${secret}`;
}

/** How a path stands to a folder that it is, contains or lies in. */
export function relationOf(path: string, folder: string): 'is' | 'contains' | 'lies in' {
  if (!isInside(path, folder)) return 'contains';
  return isInside(folder, path) ? 'is' : 'lies in';
}

/** Users of containers need not have one. */
function homeOfUser(): string {
  try {
    return homedir();
  } catch {
    return '';
  }
}

/** A path with the links in it followed, as far as it is there. */
export function realPlace(path: string): string {
  let folder = resolve(path);
  for (let rest = ''; ; rest = join(basename(folder), rest), folder = dirname(folder)) {
    try {
      return join(realpathSync(folder), rest);
    } catch {
      if (dirname(folder) === folder) return resolve(path);
    }
  }
}
