import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { isUnknown, readMounts } from '@runner-actions/host';

/**
 * Tells of paths below a folder whether something is mounted there: by the table of mounts, so that nothing is asked of what is
 * mounted; elsewhere than on Linux by the device.
 * @param folder without links
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
