import { join } from 'node:path';
import type { SystemManager } from '@runner-actions/manifest';
import { readFolder } from '../read-folder-io.ts';
import { chosenPackages } from './chosen-packages-io.ts';
import { openPackages } from './open-packages-io.ts';
import { askedName, type InstalledPackage, type PackageDatabase } from './package-database.ts';
import type { PackageQuery } from './package-query.ts';
import { listRpm } from './rpm-io.ts';

/** A package by the name under which a manifest asks for it: with the architecture if it is another than the machine's. */
export interface ListedPackage extends InstalledPackage {
  asked: string;
}

export interface PackageList {
  packages: readonly ListedPackage[];
  database: PackageDatabase;
  /** Why packages that came with others are listed too, though only chosen ones were wanted. */
  note?: string;
}

/**
 * Lists all packages of the system's manager.
 * @param only whether to list only those that somebody chose, where the manager knows them
 */
export async function listPackages(
  manager: SystemManager,
  query: PackageQuery,
  only: 'all' | 'chosen' = 'all',
  root = '/',
): Promise<PackageList | { unknown: string }> {
  const opened = await open(manager, query, root);
  if ('unknown' in opened) return opened;
  const installed = opened.installed ?? (await brewPackages(opened));
  if (installed === undefined) return { unknown: `the packages of ${manager} cannot be listed` };
  const separator = ({ apt: ':', dnf: '.', zypper: '.' } as const)[manager as 'apt'];
  const packages = installed.map((one) => ({
    ...one,
    asked: askedName(one, { separator, native: opened.native }),
  }));
  if (only === 'all') return { packages, database: opened };
  const isChosen = await chosenPackages(manager, query, root);
  return typeof isChosen === 'function'
    ? { packages: packages.filter(isChosen), database: opened }
    : { packages, database: opened, note: `${isChosen.unknown}, so all packages are listed` };
}

function open(manager: SystemManager, query: PackageQuery, root: string): ReturnType<typeof openPackages> {
  return manager === 'dnf' || manager === 'zypper'
    ? listRpm(query, manager)
    : openPackages(manager, query, root);
}

/** Homebrew has no list of its packages but the folders that it finds them in. */
async function brewPackages({
  manager,
  source,
  find,
}: PackageDatabase): Promise<InstalledPackage[] | undefined> {
  if (manager !== 'brew') return undefined;
  const listed = await Promise.all(['Cellar', 'Caskroom'].map((name) => readFolder(join(source, name))));
  const names = [...new Set(listed.flatMap((one) => ('names' in one ? one.names : [])))];
  return (await Promise.all(names.map((name) => find(name)))).flatMap(({ named }) => named);
}
