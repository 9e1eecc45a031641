import { judge, type PackageManager, type Range } from '@runner-actions/manifest';
import {
  installRemedy,
  type Remedy,
  remedyText,
  repairRemedy,
} from '../machine-facts/packages/install-command.ts';
import type { FoundPackages, InstalledPackage } from '../machine-facts/packages/package-database.ts';
import type { Finding } from './kind.ts';

interface Wanted {
  manager: PackageManager;
  name: string;
  range: Range | undefined;
  prerelease: boolean;
}

/**
 * Judges one package by what the manager knows of its name. Of several versions at once (kernels, gems) one must be in
 * the range. A package that only provides the name counts, in the version that it states for the name.
 */
export function judgePackage(wanted: Wanted, found: FoundPackages): Finding {
  const { manager, name, range } = wanted;
  const text = range?.text ?? 'installed';
  const whole = found.named.filter(({ state }) => state === 'installed');
  const [broken] = found.named.filter(({ state }) => state !== 'installed');
  if (whole.length > 0) return best(whole.map((one) => judgeVersion(wanted, one, one.version, '')));
  if (broken !== undefined) {
    const remedy = repairRemedy(manager, name, broken.state);
    const found = `${broken.version}, ${stateInWords(broken)}`;
    return { status: 'fail', found, wanted: text, remedy, advice: `Complete it: ${remedyText(remedy)}` };
  }
  const providers = found.providers.filter(({ by }) => by.state === 'installed');
  if (providers.length > 0)
    return best(
      providers.map(({ by, version }) => judgeVersion(wanted, by, version, ` (provided by ${by.name})`)),
    );
  const remedy = installRemedy(manager, [name], { range });
  const advice = `Install it: ${remedyText(remedy)}`;
  return { status: 'fail', found: missing(found.foreign), wanted: text, remedy, advice };
}

const order = ['pass', 'error', 'fail'] as const;

/** The best of several findings: the one that meets the requirement, else one that may. */
function best(findings: readonly Finding[]): Finding {
  const [first] = order.flatMap((status) => findings.filter((one) => one.status === status));
  const others = findings.filter((one) => one !== first).map((one) => one.found);
  if (first === undefined) throw new Error('no finding');
  if (first.status === 'pass' || others.length === 0) return first;
  return { ...first, found: [first.found, ...others].join(', ') };
}

function judgeVersion(
  { manager, name, range, prerelease }: Wanted,
  one: InstalledPackage,
  version: string | undefined,
  by: string,
): Finding {
  if (range === undefined || range.any)
    return { status: 'pass', found: `${version ?? one.version}${by}`, wanted: range?.text ?? 'installed' };
  const wanted = range.text;
  if (version === undefined) {
    const advice = `Name the package ${one.name} instead, whose versions can be compared.`;
    return { status: 'error', found: `without a version${by}`, wanted, advice };
  }
  const verdict = judge(range, version, { prerelease });
  if ('unknown' in verdict) return { status: 'error', found: `${version}${by}: ${verdict.unknown}`, wanted };
  const found = `${version}${by}`;
  if (verdict.met) return { status: 'pass', found, wanted };
  const why = verdict.why === undefined ? '' : `, ${verdict.why}`;
  return {
    ...{ status: 'fail', found: `${found}${why}`, wanted: `${wanted} (${verdict.rule})` },
    ...upgrade(manager, by === '' ? name : one.name, one, range),
  };
}

/** A package that is held is the decision of the machine's owner, so that nothing is installed over it. */
function upgrade(
  manager: PackageManager,
  name: string,
  { isHeld }: InstalledPackage,
  range: Range,
): { advice: string; remedy?: Remedy } {
  const remedy = installRemedy(manager, [name], { upgrade: true, range });
  const advice = `Install another version: ${remedyText(remedy)}.`;
  if (isHeld === true)
    return { advice: `${advice} It is held at this version, so it must be released first.` };
  return { advice, remedy };
}

function missing(foreign: readonly InstalledPackage[]): string {
  const others = foreign.map(({ architecture }) => architecture).join(', ');
  return others === '' ? 'not installed' : `installed only for ${others}`;
}

function stateInWords({ state }: InstalledPackage): string {
  if (state === 'unlinked') return 'which is not linked';
  return state === 'broken' ? 'whose files are incomplete' : `which is ${state}`;
}
