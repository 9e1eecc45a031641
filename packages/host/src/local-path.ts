import { readlinkSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { isUnknown } from './maybe-unknown.ts';
import { type Mount, mountOf, readMounts } from './mounts.ts';
import { realPathOf } from './system-folders.ts';

/** File systems that wait for a server or another process, perhaps forever. */
const remote =
  /^(?:9p|afs|autofs|beegfs|ceph|cifs|coda|davfs|fuse|gfs2|glusterfs|gpfs|lustre|ncpfs|nfs|ocfs2|orangefs|smb|virtiofs|vboxsf)/;

/** Limit of links in a path. Source: path_resolution(7). */
const maxLinks = 40;

/**
 * Resolves the links in a path, but asks no remote file system. The part of the path from there on, or from a part
 * that does not exist, stays unchanged.
 * @param trusted a path whose file system may be asked, even if it is remote
 */
export function localPathOf(path: string, trusted: string): string {
  const mounts = process.platform === 'linux' ? readMounts() : { unknown: 'no Linux' };
  if (isUnknown(mounts)) return realPathOf(path);
  return resolveLinks(path, isRemote(mounts, trusted), readlinkSync);
}

/** Returns a function that tells whether a path is on a remote file system other than that of `trusted`. */
export function isRemote(mounts: readonly Mount[], trusted: string): (path: string) => boolean {
  const own = mountOf(trusted, mounts);
  return (path) => {
    const mount = mountOf(path, mounts);
    return mount !== undefined && mount.device !== own?.device && remote.test(mount.type);
  };
}

/** @param readLink throws an error with the code EINVAL if the path is not a link */
export function resolveLinks(
  path: string,
  mayHang: (path: string) => boolean,
  readLink: (path: string) => string,
): string {
  const parts = partsOf(resolve(path));
  let done = '/';
  for (let links = 0, part = parts.shift(); part !== undefined; part = parts.shift()) {
    const next = join(done, part);
    if (links > maxLinks || mayHang(next)) return join(next, ...parts);
    const target = part === '..' ? 'not a link' : targetOf(next, readLink);
    if (target === 'unreadable') return join(next, ...parts);
    if (target === 'not a link') {
      done = next;
      continue;
    }
    links += 1;
    if (isAbsolute(target.path)) done = '/';
    parts.unshift(...partsOf(target.path));
  }
  return done;
}

function targetOf(
  path: string,
  readLink: (path: string) => string,
): { path: string } | 'not a link' | 'unreadable' {
  try {
    return { path: readLink(path) };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EINVAL' ? 'not a link' : 'unreadable';
  }
}

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '' && part !== '.');
