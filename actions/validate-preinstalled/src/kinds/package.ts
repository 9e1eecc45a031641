import { execute } from '@runner-actions/core';
import { judge, type PackageRequirement } from '@runner-actions/manifest';
import { dpkgStatus, fileIdentity } from '../file-identity-io.ts';
import { probeEnvironment } from '../probe-environment.ts';
import { findOnPath } from '../search-path-io.ts';
import type { Finding, Kind, Machine } from './kind.ts';

/** A package that dpkg has installed. */
export const packages = {
  async check(requirement, machine) {
    return judgePackage(requirement, await machine.once('packages', () => readPackages(machine)));
  },

  /** The identity of dpkg's database, which all packages share. */
  stateKey: (_requirement, machine) => machine.once('dpkg database', () => databaseIdentity(machine)),

  wanted: ({ version }) => version?.text,
} satisfies Kind<PackageRequirement>;

interface Installed {
  name: string;
  version: string;
}

/** Installed packages by name and by the names that they provide; or why they are unknown. */
type Packages = ReadonlyMap<string, Installed> | { unknown: string };

/** Lists all packages in one query, which takes no longer than a query for one package. */
async function readPackages({ job, deadline }: Machine): Promise<Packages> {
  const format = '${Package}\\t${Version}\\t${db:Status-Abbrev}\\t${Provides}\\n';
  const argv = ['dpkg-query', '-W', `-f=${format}`];
  const { status, code, stdout, truncated } = await execute(argv, {
    env: probeEnvironment(job.environment),
    deadline,
    timeout: 20_000,
    limitBytes: 32 * 1024 ** 2,
  });
  if (status === 'not-started') return { unknown: 'dpkg-query is not on PATH' };
  if (status !== 'exited' || code !== 0 || truncated)
    return { unknown: `dpkg-query ended with ${code ?? status}` };
  return parsePackages(stdout);
}

/** Parses the output of `dpkg-query`. A package of a name takes precedence over packages that only provide the name. */
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

export function judgePackage({ name, version: range }: PackageRequirement, packages: Packages): Finding {
  const wanted = range?.text ?? 'installed';
  if ('unknown' in packages) {
    const advice = "'apt' packages can be checked on Debian and Ubuntu only.";
    return { status: 'error', found: packages.unknown, wanted, advice };
  }
  const installed = packages.get(name);
  if (installed === undefined)
    return { status: 'fail', found: 'not installed', wanted, advice: `apt-get install ${name}` };
  const by = installed.name === name ? '' : ` (by ${installed.name})`;
  const found = installed.version + by;
  if (range === undefined) return { status: 'pass', found, wanted };
  const verdict = judge(range.value, installed.version);
  if ('unknown' in verdict) return { status: 'error', found: `'${found}': ${verdict.unknown}`, wanted };
  if (verdict.met) return { status: 'pass', found, wanted };
  return { status: 'fail', found, wanted, advice: `Upgrade ${installed.name}.` };
}

/** Returns the identity of dpkg's database. `updates` holds changes that dpkg has not yet merged into it. */
async function databaseIdentity({ job: { environment } }: Machine): Promise<string | undefined> {
  const isElsewhere = environment['DPKG_ROOT'] !== undefined || environment['DPKG_ADMINDIR'] !== undefined;
  const [query] = await findOnPath('dpkg-query', environment);
  if (isElsewhere || query === undefined) return undefined;
  const files = [query, dpkgStatus, '/var/lib/dpkg/updates'];
  return (await Promise.all(files.map(fileIdentity))).join('\n');
}
