import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findOnPath } from '../../search-path-io.ts';
import type { Packages } from '../packages/package-database.ts';
import type { PackageQuery } from '../packages/package-query.ts';
import { readText } from '../read-text-io.ts';

/**
 * Opens npm's global packages: `lib/node_modules/NAME/package.json` below npm's prefix (npm, "folders"). The prefix is
 * `NPM_CONFIG_PREFIX`, that of the user's `.npmrc`, or the folder above the node on PATH.
 */
export async function openNpm({ environment }: Pick<PackageQuery, 'environment'>): Promise<Packages> {
  const prefix = await findPrefix(environment);
  if (prefix === undefined)
    return { unknown: 'node is not on PATH, so the folder of global packages is unknown' };
  const folder =
    process.platform === 'win32' ? join(prefix, 'node_modules') : join(prefix, 'lib/node_modules');
  return {
    manager: 'npm',
    source: folder,
    async find(name) {
      const read = await readText(join(folder, name, 'package.json'), 1024 ** 2);
      if ('unknown' in read) throw new Error(read.unknown);
      const version = 'text' in read ? versionIn(read.text) : undefined;
      const named =
        version === undefined ? [] : [{ name, version, state: 'installed' as const, provides: [] }];
      return { named, providers: [], foreign: [] };
    },
  };
}

async function findPrefix(environment: PackageQuery['environment']): Promise<string | undefined> {
  const set = environment['NPM_CONFIG_PREFIX'] ?? environment['npm_config_prefix'];
  if (set !== undefined && set !== '') return set;
  const home = environment['HOME'] ?? environment['USERPROFILE'];
  const settings = home === undefined ? undefined : await readText(join(home, '.npmrc'), 64 * 1024);
  const line = settings !== undefined && 'text' in settings ? settings.text.split('\n') : [];
  const stated = line.map((one) => /^prefix\s*=(.*)$/.exec(one.trim())?.[1]?.trim()).findLast((one) => one);
  if (stated !== undefined && home !== undefined)
    return stated.replace(/^(?:~|\$\{HOME\})(?=\/|$)/, () => home);
  const [node] = await findOnPath('node', environment);
  if (node === undefined) return undefined;
  const real = await realpath(node);
  return process.platform === 'win32' ? dirname(real) : dirname(dirname(real));
}

function versionIn(text: string): string | undefined {
  try {
    const { version } = JSON.parse(text) as { version?: unknown };
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}
