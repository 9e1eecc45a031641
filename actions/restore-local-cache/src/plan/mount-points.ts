import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { isUnknown, readMounts } from '@runner-actions/host';

/**
 * Returns a function that reports whether a path below a folder is a mount point. On Linux it reads the mount table
 * and does not access the mounted file system. On other systems it compares device numbers.
 * @param folder an absolute path without symlinks
 */
export function mountPointPredicate(folder: string): (path: string) => boolean {
  const mounts = readMounts();
  if (isUnknown(mounts)) {
    const device = deviceOf(folder);
    return (path) => (deviceOf(join(folder, path)) ?? device) !== device;
  }
  const points = new Set(mounts.map(({ mountPoint }) => mountPoint));
  return (path) => points.has(join(folder, path));
}

function deviceOf(path: string): number | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.dev;
}
