import { join } from 'node:path';
import { execute } from '@runner-actions/core';
import { readFolder } from '../read-folder-io.ts';
import { readText } from '../read-text-io.ts';
import { dpkgQueryFormat, parseDpkgStatus } from './dpkg-status.ts';
import type { PackageQuery } from './package-query.ts';
import { indexPackages, type Packages } from './package-database.ts';

const limitBytes = 64 * 1024 ** 2;

/** Returns dpkg's folder. `DPKG_ADMINDIR` takes precedence over `DPKG_ROOT` (dpkg-query(1)). */
export function dpkgFolder(environment: PackageQuery['environment']): string {
  return environment['DPKG_ADMINDIR'] ?? join(environment['DPKG_ROOT'] ?? '/', 'var/lib/dpkg');
}

/**
 * Reads dpkg's database. The file alone tells while dpkg does nothing. While dpkg works, or after it was stopped,
 * `updates` holds changes that are not yet in the file; then `dpkg-query` reads both.
 */
export async function openDpkg(query: PackageQuery): Promise<Packages> {
  const folder = dpkgFolder(query.environment);
  const path = join(folder, 'status');
  if (await hasUpdates(folder)) return askDpkg(query);
  const status = await readText(path, limitBytes);
  // dpkg may have begun in the meantime, and may have moved changes between the two.
  if (await hasUpdates(folder)) return askDpkg(query);
  if ('missing' in status) return { unknown: `${path} is missing, so dpkg's packages are unknown` };
  return 'unknown' in status ? status : databaseOf(status.text, path);
}

/** Whether dpkg has changes that are not yet in its file. If that is unknown, dpkg is asked. */
async function hasUpdates(folder: string): Promise<boolean> {
  const updates = await readFolder(join(folder, 'updates'));
  return 'unknown' in updates || ('names' in updates && updates.names.length > 0);
}

async function askDpkg({ environment, deadline }: PackageQuery): Promise<Packages> {
  const argv = ['dpkg-query', '-W', `-f=${dpkgQueryFormat}`];
  const asked = await execute(argv, { env: environment, deadline, timeout: 20_000, limitBytes });
  if (asked.status === 'not-started') return { unknown: 'dpkg-query is not on PATH' };
  if (asked.status !== 'exited' || asked.code !== 0 || asked.truncated)
    return { unknown: `dpkg-query ended with ${asked.code ?? asked.status}` };
  return databaseOf(asked.stdout, 'dpkg-query');
}

function databaseOf(text: string, source: string): Packages {
  const { installed, native } = parseDpkgStatus(text);
  if (installed.length === 0) return { unknown: `${source} lists no installed package` };
  const own = native === undefined ? {} : { native };
  const find = indexPackages(installed, { separator: ':', ...own });
  return { manager: 'apt', source, find, installed, ...own };
}
