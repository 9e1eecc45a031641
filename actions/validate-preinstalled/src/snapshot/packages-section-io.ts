import { schemeOfManager, type SystemManager } from '@runner-actions/manifest';
import type { Machine } from '../kinds/kind.ts';
import {
  type ListedPackage,
  listPackages,
  type PackageList,
} from '../machine-facts/packages/list-packages-io.ts';
import { systemManager } from '../machine-facts/packages/system-manager.ts';
import { probeEnvironment } from '../probe-environment.ts';
import { exactRange } from './exact-range.ts';
import type { Section } from './section.ts';
import { byCharacters, inline } from './yaml.ts';

/** Lists the packages of the machine's manager; `unknown` says why it cannot. */
export async function readPackages(
  machine: Machine,
  only: 'all' | 'chosen',
): Promise<(PackageList & { manager: SystemManager }) | { unknown: string }> {
  const manager = systemManager(machine.facts);
  if (typeof manager !== 'string') return manager;
  const environment = probeEnvironment(machine.job.environment);
  const query = { environment, deadline: machine.deadline, names: [] };
  const listed = await machine.once(`all packages, ${only}`, () => listPackages(manager, query, only));
  return 'unknown' in listed ? listed : { ...listed, manager };
}

/** Writes all packages with their versions. Those that are installed only in part are noted instead. */
export async function packagesSection(machine: Machine, only: 'all' | 'chosen'): Promise<Section> {
  const listed = await readPackages(machine, only);
  if ('unknown' in listed) return { name: 'packages', lines: [], notes: [`packages: ${listed.unknown}`] };
  const { packages, manager, note } = listed;
  const whole = packages.filter(({ state }) => state === 'installed');
  const parts = packages.filter(({ state }) => state !== 'installed');
  const lines = whole.map((one) => `  - ${inline(entryOf(one, manager))}`);
  return {
    name: 'packages',
    // rpm can have several packages of one name and version, such as keys.
    lines: [...new Set(lines)].sort(byCharacters),
    notes: [
      ...(note === undefined ? [] : [note]),
      ...parts.map(({ asked, state }) => `package ${asked}: ${state}`).sort(byCharacters),
    ],
  };
}

function entryOf({ asked, version }: ListedPackage, manager: SystemManager): Record<string, string> {
  const range = exactRange(version, schemeOfManager[manager]);
  return range === undefined ? { [manager]: asked } : { [manager]: asked, version: range };
}
