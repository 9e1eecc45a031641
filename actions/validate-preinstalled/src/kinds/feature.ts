import { resolve } from 'node:path';
import { type FeatureRequirement, knownFeatures, type SystemManager } from '@runner-actions/manifest';
import { installRemedy, type Remedy, remedyText } from '../machine-facts/packages/install-command.ts';
import { systemManager } from '../machine-facts/packages/system-manager.ts';
import { checkArchive } from '../tools/archive-io.ts';
import { checkOwnFeature } from '../tools/own-feature-io.ts';
import type { Finding, Kind, Machine } from './kind.ts';
import { tool } from './tool.ts';

/** A feature: all programs of one that is known, or what the check of the team's own says. */
export const feature = {
  async check(requirement, machine) {
    const { path, name, archives } = requirement;
    if (path !== undefined)
      return checkOwnFeature(requirement, resolve(machine.job.workspace, path), machine);
    if (Object.keys(archives).length > 0) return checkArchive(requirement, machine);
    const known = knownFeatures[name];
    if (known === undefined) throw new Error(`the feature ${name} is unknown`);
    const [first, ...others] = await Promise.all(
      known.tools.map(async (one, index) => ({
        name: one,
        finding: await tool.check(toolOf(requirement, one, index === 0), machine),
      })),
    );
    const all = first === undefined ? others : [first, ...others];
    const bad = all.filter(({ finding }) => finding.status !== 'pass');
    if (bad.length === 0) return { ...first?.finding, ...passed(requirement, all) };
    const worst = bad.find(({ finding }) => finding.status === 'fail') ?? bad[0];
    const found = bad.map((one) => `${one.name}: ${one.finding.found}`).join('; ');
    const finding: Finding = { ...passed(requirement, all), status: worst?.finding.status ?? 'error', found };
    const remedy = bad.some((one) => one.finding.status === 'fail') ? remedyOf(name, machine) : undefined;
    if (remedy === undefined) return { ...finding, ...adviceOf(worst?.finding) };
    return { ...finding, remedy, advice: `Install it: ${remedyText(remedy)}` };
  },
  wanted: ({ range }) => range.text,
} satisfies Kind<FeatureRequirement>;

function adviceOf(finding: Finding | undefined): Pick<Finding, 'advice'> {
  return finding?.advice === undefined ? {} : { advice: finding.advice };
}

function passed(
  { range }: FeatureRequirement,
  all: readonly { name: string; finding: Finding }[],
): Pick<Finding, 'status' | 'found' | 'wanted'> {
  const found = all.map(({ name, finding }) => `${name} ${finding.found}`).join(', ');
  return { status: 'pass', found, wanted: range.text };
}

/** The version of a feature is that of its first tool; any version of the others will do. */
function toolOf({ range, install, dependsOn }: FeatureRequirement, name: string, isFirst: boolean) {
  const ranges = isFirst ? [range] : [{ ...range, text: 'latest', any: true, alternatives: [] }];
  return {
    ...{ kind: 'tool' as const, name, ranges, need: 'all' as const, install, dependsOn },
    ...{ prerelease: false, run: false, command: undefined, match: undefined },
  };
}

function remedyOf(name: string, { facts }: Machine): Remedy | undefined {
  const manager = systemManager(facts);
  if (typeof manager !== 'string') return undefined;
  const packages = knownFeatures[name]?.packages[manager satisfies SystemManager];
  return packages === undefined ? undefined : installRemedy(manager, packages);
}
