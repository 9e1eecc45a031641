import {
  type AnyRequirement,
  isLanguageManager,
  type PackageManager,
  type PackageRequirement,
  systemManagers,
} from '@runner-actions/manifest';
import { openLanguagePackages } from '../machine-facts/language-packages/open-language-packages-io.ts';
import { databaseIdentity } from '../machine-facts/packages/database-identity-io.ts';
import { openPackages } from '../machine-facts/packages/open-packages-io.ts';
import type { Packages } from '../machine-facts/packages/package-database.ts';
import type { Remedy } from '../machine-facts/packages/install-command.ts';
import { systemManager } from '../machine-facts/packages/system-manager.ts';
import { probeEnvironment } from '../probe-environment.ts';
import { judgePackage } from './judge-package.ts';
import type { Finding, Kind, Machine } from './kind.ts';

/** Packages of the system's manager, or of a language's. */
export const packages = {
  async check(requirement, machine, all = [requirement]) {
    const wanted = requirement.version ?? 'installed';
    const manager = managerFor(requirement, machine);
    if (typeof manager !== 'string') return { status: 'error', wanted, ...manager };
    const opened = await open(manager, all, machine);
    if ('unknown' in opened) {
      const {
        unknown: found,
        advice = `Add the name for this machine's manager, or limit it with \`when\`.`,
      } = opened;
      return { status: 'error', found, wanted, advice };
    }
    const names = requirement.packages[manager] ?? [];
    const range = requirement.ranges[manager];
    const { prerelease } = requirement;
    const findings = names.map(async (name) =>
      judgePackage({ manager, name, range, prerelease }, await opened.find(name)),
    );
    return joinFindings(names, await Promise.all(findings));
  },

  /** The identity of the manager's database, which all its packages share. */
  async stateKey(requirement, machine) {
    const manager = managerFor(requirement, machine);
    if (typeof manager !== 'string') return undefined;
    return machine.once(`state of ${manager}`, () => databaseIdentity(manager, machine.job.environment));
  },

  wanted: ({ version }) => version,
} satisfies Kind<PackageRequirement>;

/** Returns the manager of the requirement that this machine has; or why there is none, and what to do. */
function managerFor(
  { packages }: PackageRequirement,
  { facts }: Machine,
): PackageManager | { found: string; advice: string } {
  const named = Object.keys(packages) as PackageManager[];
  const language = named.find(isLanguageManager);
  if (language !== undefined) return language;
  const own = systemManager(facts);
  if (typeof own === 'string' && named.includes(own)) return own;
  // Homebrew may be beside the manager of a Linux system.
  if (facts.os === 'linux' && named.includes('brew')) return 'brew';
  if (typeof own === 'string') {
    const advice = `Add \`${own}: NAME\` to the requirement, or limit it with \`when\`.`;
    return { found: `no package is named for ${own}, the manager of this machine`, advice };
  }
  const known = `Packages of ${systemManagers.join(', ')} are known.`;
  return { found: own.unknown, advice: `${known} Limit the requirement with \`when\`.` };
}

/** All names that a manifest asks of a manager, and the key of the answer. */
interface Asked {
  names: readonly string[];
  key: string;
}
const askedOf = new WeakMap<readonly AnyRequirement[], Map<PackageManager, Asked>>();

/** Collects the names once for a manifest: each of thousands of packages needs them. */
function collectNames(manager: PackageManager, all: readonly AnyRequirement[]): Asked {
  const known = askedOf.get(all) ?? new Map<PackageManager, Asked>();
  askedOf.set(all, known);
  const earlier = known.get(manager);
  if (earlier !== undefined) return earlier;
  const named = all.flatMap((one) => (one.kind === 'package' ? (one.packages[manager] ?? []) : []));
  const names = [...new Set(named)].sort();
  const asked = { names, key: `packages of ${manager}: ${names.join(' ')}` };
  known.set(manager, asked);
  return asked;
}

/** Variables that say where managers keep packages, beside those that all probes get. */
const folderVariables = /^(?:GOBIN|GEM_PATH|NPM_CONFIG_PREFIX|HOMEBREW_PREFIX|PYTHONUSERBASE)$/i;

/** Opens the packages of a manager. One that has to be asked is asked once, for all names of the manifest. */
function open(manager: PackageManager, all: readonly AnyRequirement[], machine: Machine): Promise<Packages> {
  const { names, key } = collectNames(manager, all);
  return machine.once(key, async () => {
    const given = machine.job.environment;
    const own = Object.entries(given).filter(([name]) => folderVariables.test(name));
    const environment = { ...probeEnvironment(given), ...Object.fromEntries(own) };
    const query = { environment, deadline: machine.deadline, names };
    return isLanguageManager(manager)
      ? openLanguagePackages(manager, query, await machine.emptyFolder())
      : openPackages(manager, query);
  });
}

/** Joins the findings of packages which must all be installed: the worst, with the names that it is about. */
function joinFindings(names: readonly string[], findings: readonly Finding[]): Finding {
  const [only] = findings;
  if (only !== undefined && findings.length === 1) return only;
  const worst = (['fail', 'error', 'pass'] as const).find((status) =>
    findings.some((one) => one.status === status),
  );
  const shown = findings.flatMap((one, index) =>
    one.status === worst ? [{ ...one, name: names[index] }] : [],
  );
  const advice = shown.flatMap((one) => one.advice ?? []);
  const remedy = joinRemedies(shown.flatMap((one) => one.remedy ?? []));
  return {
    status: worst ?? 'error',
    found: shown.map(({ name, found }) => `${name} ${found}`).join(', '),
    wanted: only?.wanted ?? 'installed',
    ...(advice.length === 0 ? {} : { advice: advice.join(' ') }),
    ...(remedy === undefined ? {} : { remedy }),
  };
}

/** One command for all, if they need the same one. */
function joinRemedies([first, ...others]: readonly Remedy[]): Remedy | undefined {
  const isSame = (one: Remedy): boolean => one.command.join(' ') === first?.command.join(' ');
  if (first === undefined || !others.every(isSame)) return undefined;
  return { ...first, packages: [first, ...others].flatMap(({ packages }) => packages) };
}
