import * as v from 'valibot';
import { execute } from '@runner-actions/core';
import { type DebRange, parseDeb, parseDebRange, satisfiesDeb } from '../deb-version.ts';
import { dpkgStatus, trace } from '../files-io.ts';
import { probeEnvironment } from '../probe-environment.ts';
import { findOnPath } from '../search-path-io.ts';
import { type Finding, type Kind, type Machine, severity, type Written, written } from './kind.ts';

interface AskedPackage {
  kind: 'package';
  name: string;
  version: Written<DebRange> | undefined;
}

const spec = v.strictObject({
  apt: v.union([v.string(), v.array(v.string())]),
  version: v.optional(written(parseDebRange, 'a range such as >=8.5 or 3')),
  severity: v.optional(severity),
});

/** A package that dpkg knows. */
export const packages = {
  schema: v.pipe(
    v.array(spec),
    v.transform((listed) =>
      listed.flatMap(({ apt, version, severity }, index) =>
        [apt].flat().map((name) => ({
          asked: { kind: 'package' as const, name, version },
          at: ['packages', index],
          severity,
        })),
      ),
    ),
  ),

  async check(asked, machine) {
    return judgePackage(asked, await machine.once('packages', () => readPackages(machine)));
  },

  /** All packages have one database. */
  witness: (_asked, machine) => machine.once('witness of packages', () => traceDatabase(machine)),

  wanted: ({ version }) => version?.text,
} satisfies Kind<AskedPackage>;

interface Installed {
  name: string;
  version: string;
}

/** Installed packages by name and by what they provide; or why they cannot be known. */
type Packages = ReadonlyMap<string, Installed> | { unknown: string };

/** One query for all of dpkg's database: it takes no longer than one for a single package. */
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

export function judgePackage({ name, version: range }: AskedPackage, packages: Packages): Finding {
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
  const version = parseDeb(installed.version);
  if (version === undefined) return { status: 'error', found: `no version of Debian's: '${found}'`, wanted };
  if (satisfiesDeb(version, range.value)) return { status: 'pass', found, wanted };
  return { status: 'fail', found, wanted, advice: `Upgrade ${installed.name}.` };
}

/** `updates` holds what dpkg has not yet put into its database. */
async function traceDatabase({ job: { environment } }: Machine): Promise<string | undefined> {
  const isElsewhere = environment['DPKG_ROOT'] !== undefined || environment['DPKG_ADMINDIR'] !== undefined;
  const [query] = await findOnPath('dpkg-query', environment);
  if (isElsewhere || query === undefined) return undefined;
  const files = [query, dpkgStatus, '/var/lib/dpkg/updates'];
  return (await Promise.all(files.map(trace))).join('\n');
}
