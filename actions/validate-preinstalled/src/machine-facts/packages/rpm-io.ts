import { join } from 'node:path';
import { execute, quote } from '@runner-actions/core';
import { readFolder } from '../read-folder-io.ts';
import type { PackageQuery } from './package-query.ts';
import type { SystemManager } from '@runner-actions/manifest';
import { indexPackages, type Packages } from './package-database.ts';
import { parseRpmOutput, rpmQueryFormat, rpmQueryNames } from './rpm-output.ts';

/** Where rpm keeps its database: today's folder, and that of older systems. */
const folders = ['usr/lib/sysimage/rpm', 'var/lib/rpm'];
const databaseNames = new Set(['rpmdb.sqlite', 'Packages', 'Packages.db']);

/** Whether rpm has a database below `root`. */
export async function hasRpmDatabase(root: string): Promise<boolean> {
  const listed = await Promise.all(folders.map((folder) => readFolder(join(root, folder))));
  return listed.some((one) => 'names' in one && one.names.some((name) => databaseNames.has(name)));
}

/**
 * Asks rpm for the packages that have or provide the names. One process answers all of them.
 * @param manager dnf or zypper, which both keep their packages in rpm's database
 * @param options arguments for rpm before the query, for tests: `--dbpath`
 */
export async function openRpm(
  query: PackageQuery,
  manager: SystemManager,
  options: readonly string[] = [],
): Promise<Packages> {
  const { environment: env, deadline } = query;
  const names = rpmQueryNames(query.names);
  if (names.length === 0) return { manager, source: 'rpm', find: indexPackages([]) };
  return ask({ env, deadline }, manager, [...options, '-q', '--whatprovides'], ['--', ...names]);
}

/** Asks rpm for all packages. */
export function listRpm(
  { environment: env, deadline }: Omit<PackageQuery, 'names'>,
  manager: SystemManager,
  options: readonly string[] = [],
): Promise<Packages> {
  return ask({ env, deadline }, manager, [...options, '-qa'], []);
}

async function ask(
  { env, deadline }: { env: PackageQuery['environment']; deadline: PackageQuery['deadline'] },
  manager: SystemManager,
  query: readonly string[],
  names: readonly string[],
): Promise<Packages> {
  const argv = ['rpm', ...query, '--qf', rpmQueryFormat, ...names];
  const asked = await execute(argv, { env, deadline, timeout: 20_000, limitBytes: 32 * 1024 ** 2 });
  if (asked.status === 'not-started') return { unknown: 'rpm is not on PATH' };
  // The exit code is the number of names that no package provides, so it tells nothing. rpm also says "no package
  // provides" when it cannot open its database, and tells the reason only on stderr.
  const problem = asked.stderr.split('\n').findLast((line) => line.startsWith('error:'));
  if (problem !== undefined) return { unknown: `rpm says ${quote(problem)}` };
  if (asked.status !== 'exited' || asked.truncated) return { unknown: `rpm ended with ${asked.status}` };
  const native = nativeArchitecture();
  const own = native === undefined ? {} : { native };
  const installed = parseRpmOutput(asked.stdout);
  const find = indexPackages(installed, { separator: '.', ...own });
  return { manager, source: 'rpm', find, installed, ...own };
}

/** Returns rpm's word for the architecture of this process. */
function nativeArchitecture(): string | undefined {
  const words: Partial<Record<NodeJS.Architecture, string>> = {
    x64: 'x86_64',
    arm64: 'aarch64',
    ppc64: 'ppc64le',
    s390x: 's390x',
  };
  return words[process.arch];
}
