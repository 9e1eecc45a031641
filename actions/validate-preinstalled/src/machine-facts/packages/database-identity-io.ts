import { join } from 'node:path';
import type { Job } from '@runner-actions/core';
import type { PackageManager } from '@runner-actions/manifest';
import { fileIdentity, undefinedIfMissing } from '../../file-identity-io.ts';
import { dpkgFolder } from './dpkg-io.ts';

/**
 * Files of databases that change with every package. dpkg's `updates` holds changes that are not yet in `status`; the
 * `-wal` of rpm's, those that are not yet in the database.
 */
const files: Partial<Record<PackageManager, readonly string[]>> = {
  ...Object.fromEntries(
    ['dnf', 'zypper'].map((manager) => [
      manager,
      ['/usr/lib/sysimage/rpm', '/var/lib/rpm'].flatMap((folder) =>
        ['rpmdb.sqlite', 'rpmdb.sqlite-wal', 'Packages', 'Packages.db'].map((name) => `${folder}/${name}`),
      ),
    ]),
  ),
  apk: ['/usr/lib/apk/db/installed', '/lib/apk/db/installed'],
  pacman: ['/var/lib/pacman/local'],
};

/**
 * Returns a text that changes whenever a manager installs, removes or changes a package; `undefined` for managers
 * without one file that shows it.
 * @throws Error if a file cannot be inspected
 */
export async function databaseIdentity(
  manager: PackageManager,
  environment: Job['environment'],
): Promise<string | undefined> {
  const folder = dpkgFolder(environment);
  const paths = manager === 'apt' ? [join(folder, 'status'), join(folder, 'updates')] : files[manager];
  if (paths === undefined) return undefined;
  const found = await Promise.all(paths.map((path) => undefinedIfMissing(fileIdentity(path))));
  return found.every((one) => one === undefined) ? undefined : found.join('\n');
}
