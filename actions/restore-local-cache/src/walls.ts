import { lstatSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { isUnknown, readMounts } from '@runner-actions/host';

/**
 * Tells of paths below a folder whether something is mounted there: by the table of mounts, so that nothing is asked of what is
 * mounted; elsewhere than on Linux by the device.
 * @param folder without links
 */
export function wallsIn(folder: string): (path: string) => boolean {
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

/** A path with the links in it followed, as far as it is there. */
export function realOf(path: string): string {
  for (
    let folder = path, rest = '';
    ;
    rest = join(relative(dirname(folder), folder), rest), folder = dirname(folder)
  ) {
    try {
      return join(realpathSync(folder), rest);
    } catch {
      if (dirname(folder) === folder) return path;
    }
  }
}
