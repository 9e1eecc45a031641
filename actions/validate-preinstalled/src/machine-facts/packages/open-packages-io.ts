import { openApk } from './apk-io.ts';
import { openBrew } from './brew-io.ts';
import { openDpkg } from './dpkg-io.ts';
import type { PackageQuery } from './package-query.ts';
import type { SystemManager } from '@runner-actions/manifest';
import type { Packages } from './package-database.ts';
import { openPacman } from './pacman-io.ts';
import { hasRpmDatabase, openRpm } from './rpm-io.ts';
import { openWinget } from './winget-io.ts';

/**
 * Opens the database of a manager. A machine may have the programs of other managers too (Debian packages rpm and
 * pacman), so only a database with packages counts.
 */
export async function openPackages(
  manager: SystemManager,
  query: PackageQuery,
  root = '/',
): Promise<Packages> {
  switch (manager) {
    case 'apt':
      return openDpkg(query);
    case 'dnf':
    case 'zypper':
      if (await hasRpmDatabase(root)) return openRpm(query, manager);
      return { unknown: "rpm's database is missing" };
    case 'apk':
      return openApk(root);
    case 'pacman':
      return openPacman(root);
    case 'brew':
      return openBrew(query);
    case 'winget':
      return openWinget(query);
  }
}
