import { join } from 'node:path';
import { readText } from '../read-text-io.ts';
import { openApk } from './apk-io.ts';
import { openBrew } from './brew-io.ts';
import { openDpkg } from './dpkg-io.ts';
import { systemManager } from './system-manager.ts';
import type { PackageQuery } from './package-query.ts';
import type { Manager, Packages } from './package-database.ts';
import { openPacman } from './pacman-io.ts';
import { hasRpmDatabase, openRpm } from './rpm-io.ts';
import { openWinget } from './winget-io.ts';

/** The manager of this machine; or why it is unknown. */
export async function findManager(
  platform: NodeJS.Platform = process.platform,
  root = '/',
): Promise<Manager | { unknown: string }> {
  if (platform === 'darwin') return 'brew';
  if (platform === 'win32') return 'winget';
  for (const file of ['etc/os-release', 'usr/lib/os-release']) {
    const read = await readText(join(root, file), 64 * 1024);
    if ('text' in read) return systemManager(read.text);
  }
  return { unknown: 'the machine has no /etc/os-release, so its package manager is unknown' };
}

/**
 * Opens the database of a manager. A machine may have the programs of other managers too (Debian packages rpm and
 * pacman), so only a database with packages counts.
 */
export async function openPackages(manager: Manager, query: PackageQuery, root = '/'): Promise<Packages> {
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
    case 'choco':
      return { unknown: "Chocolatey's packages are not read yet" };
  }
}
