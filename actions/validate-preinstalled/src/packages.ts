import { type Deadline, execute, type Job } from '@runner-actions/core';
import { parseDebRange, satisfiesDeb } from './deb-version.ts';
import { probeEnvironment } from './probe-environment.ts';
import type { Finding } from './requirement.ts';

export interface Installed {
  name: string;
  version: string;
}

/** Installed packages by name and by what they provide; or why they cannot be known. */
export type Packages = ReadonlyMap<string, Installed> | { unknown: string };

/** One query for all of dpkg's database: it takes no longer than one for a single package. */
export async function readPackages(environment: Job['environment'], deadline: Deadline): Promise<Packages> {
  const format = '${Package}\\t${Version}\\t${db:Status-Abbrev}\\t${Provides}\\n';
  const argv = ['dpkg-query', '-W', `-f=${format}`];
  const { status, code, stdout, truncated } = await execute(argv, {
    env: probeEnvironment(environment),
    deadline,
    timeout: 20_000,
    limitBytes: 32 * 1024 ** 2,
  });
  if (status === 'not-started') return { unknown: 'dpkg-query is not on PATH' };
  if (status !== 'exited' || code !== 0 || truncated)
    return { unknown: `dpkg-query ended with ${code ?? status}` };
  return parsePackages(stdout);
}

/** A real package wins over one that only provides its name. */
export function parsePackages(output: string): ReadonlyMap<string, Installed> {
  const rows = output.split('\n').map((line) => line.split('\t'));
  const installed = rows.filter(([, , status = '']) => status.startsWith('ii') || status.startsWith('hi'));
  const real = installed.map(([name = '', version = '']) => [name, { name, version }] as const);
  const provided = installed.flatMap(([name = '', version = '', , provides = '']) =>
    provides.split(',').flatMap((entry) => {
      const [virtual = '', relation = ''] = entry.split(/[()]/, 2).map((part) => part.trim());
      const own = relation.startsWith('=') ? relation.slice(1).trim() : version;
      return virtual === '' ? [] : [[virtual, { name, version: own }] as const];
    }),
  );
  return new Map([...provided, ...real]);
}

export function judgePackage(name: string, version: string | undefined, packages: Packages): Finding {
  const wanted = version ?? 'installed';
  if ('unknown' in packages) {
    return {
      status: 'error',
      found: packages.unknown,
      wanted,
      advice: "'apt' packages can be checked on Debian and Ubuntu only.",
    };
  }
  const found = packages.get(name);
  if (found === undefined)
    return { status: 'fail', found: 'not installed', wanted, advice: `apt-get install ${name}` };
  const by = found.name === name ? '' : ` (by ${found.name})`;
  const met = version === undefined || satisfiesDeb(found.version, parseDebRange(version) ?? []);
  return {
    status: met ? 'pass' : 'fail',
    found: found.version + by,
    wanted,
    ...(met ? {} : { advice: `Upgrade ${found.name}.` }),
  };
}
