import { join, relative } from 'node:path';
import { type MaybeUnknown, isUnknown } from './maybe-unknown.ts';
import { type Kernel, readKernel, unsupported } from './kernel-files.ts';
import { isInside } from './runner-folders.ts';

/** One line of mountinfo. Source: proc_pid_mountinfo(5). */
export interface Mount {
  /** `major:minor`. */
  device: string;
  /** The folder of the mounted file system that is the root of this mount. */
  root: string;
  mountPoint: string;
  type: string;
  source: string;
  /** Options of the mount and of the file system. */
  options: string[];
}

/** Parses the text of `/proc/self/mountinfo`. Skips invalid lines. */
export function parseMounts(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ', 2);
    const [, , device, root, mountPoint, options = ''] = before.split(' ');
    const [type, source = '', superOptions = ''] = after.split(' ');
    if (device === undefined || root === undefined || mountPoint === undefined || !type) return [];
    return [
      {
        device,
        root: decodeOctal(root),
        mountPoint: decodeOctal(mountPoint),
        type,
        source: decodeOctal(source),
        options: [...options.split(','), ...superOptions.split(',')].filter((option) => option !== ''),
      },
    ];
  });
}

/** Decodes blanks, tabs, new lines and backslashes in names, which mountinfo writes in a form such as `\040`. */
function decodeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_whole, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/** Reads all mounts, in the order of mounting. */
export function readMounts(kernel: Kernel = {}): MaybeUnknown<Mount[]> {
  const reason = unsupported(kernel, 'Mounts');
  if (reason !== undefined) return { unknown: reason };
  const text = readKernel(kernel, '/proc/self/mountinfo');
  return text === undefined ? { unknown: '/proc/self/mountinfo cannot be read' } : parseMounts(text);
}

/**
 * Returns the mount that holds an absolute path. If several are mounted on one mount point, the last one hides the
 * others.
 */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | undefined {
  let best: Mount | undefined;
  for (const mount of mounts) {
    const prefix = mount.mountPoint === '/' ? '/' : `${mount.mountPoint}/`;
    const holds = path === mount.mountPoint || path.startsWith(prefix);
    if (holds && mount.mountPoint.length >= (best?.mountPoint.length ?? 0)) best = mount;
  }
  return best;
}

/**
 * Returns another path of the same file or folder, through another mount of its file system, such as the source of a
 * bind mount; `undefined` if there is none. Another mount may hide what is at that path now, even the mount of `path`
 * itself: it would be seen there again after an unmount.
 * @param path absolute and without links
 */
export function otherPathOf(path: string, mounts: readonly Mount[]): string | undefined {
  const own = mountOf(path, mounts);
  if (own === undefined) return undefined;
  const place = join(own.root, relative(own.mountPoint, path));
  const others = mounts.filter(
    (mount) => mount !== own && mount.device === own.device && isInside(place, mount.root),
  );
  return others
    .map((mount) => join(mount.mountPoint, relative(mount.root, place)))
    .find((other) => other !== path);
}

/**
 * Returns the mount points at a path and below it, in the order of mounting. A walk must not enter them, and a rename
 * must not move them. On systems other than Linux the list is always empty.
 * @param path absolute and without links
 * @throws Error if the mounts cannot be read
 */
export function mountsBelow(path: string, kernel: Kernel = {}): string[] {
  if (unsupported(kernel, 'Mounts') !== undefined) return [];
  const mounts = readMounts(kernel);
  if (isUnknown(mounts)) throw new Error(mounts.unknown);
  const prefix = path === '/' ? '/' : `${path}/`;
  const points = mounts.map(({ mountPoint }) => mountPoint);
  return points.filter((point) => point === path || point.startsWith(prefix));
}
