import { judge, type ToolcacheRequirement } from '@runner-actions/manifest';
import { type CachedTool, readCachedTool, toolCacheFolder } from '../machine-facts/toolcache-io.ts';
import type { Finding, Kind } from './kind.ts';

/** Versions of a tool in the runner's tool cache. */
export const toolcache = {
  async check(requirement, { job: { environment } }) {
    const root = toolCacheFolder(environment);
    const wanted = wantedOf(requirement);
    if (root === undefined) {
      const advice = 'Set RUNNER_TOOL_CACHE or AGENT_TOOLSDIRECTORY for the runner.';
      return { status: 'error', found: 'the folder of the tool cache is unknown', wanted, advice };
    }
    const found = await readCachedTool(root, requirement.name, requirement.arch ?? process.arch);
    if ('unknown' in found) return { status: 'error', found: found.unknown, wanted };
    return judgeCached(requirement, found);
  },
  wanted: wantedOf,
} satisfies Kind<ToolcacheRequirement>;

function wantedOf({ ranges }: ToolcacheRequirement): string {
  return ranges.length === 0 ? 'a version' : ranges.map(({ text }) => text).join(', ');
}

export function judgeCached(requirement: ToolcacheRequirement, found: CachedTool): Finding {
  const wanted = wantedOf(requirement);
  const { versions } = found;
  const unmet = requirement.ranges.filter(({ value }) => !versions.some((version) => isMet(version, value)));
  if (versions.length > 0 && unmet.length === 0)
    return { status: 'pass', found: versions.join(', '), wanted };
  const shown = versions.length === 0 ? `none in ${found.folder}` : versions.join(', ');
  const lacking =
    unmet.length > 0 && versions.length > 0
      ? `, none of them ${unmet.map(({ text }) => text).join(', ')}`
      : '';
  return { status: 'fail', found: shown + lacking, wanted, advice: adviceFor(requirement, found) };

  function isMet(version: string, range: (typeof requirement.ranges)[number]['value']): boolean {
    if (range.any) return true;
    const verdict = judge(range, version, { prerelease: requirement.prerelease });
    return 'met' in verdict && verdict.met;
  }
}

function adviceFor({ name }: ToolcacheRequirement, { incomplete, foreign, similar }: CachedTool): string {
  const sentences = [
    ...(incomplete.length > 0
      ? [`${incomplete.join(', ')} did not finish: the mark \`.complete\` is missing.`]
      : []),
    ...(foreign.length > 0 ? [`${foreign.join(', ')} is there for another architecture.`] : []),
    ...(similar.length > 0 ? [`The tool cache has ${similar.join(', ')}: names are case-sensitive.`] : []),
  ];
  // The name of a feature, which is that of its folder in the tool cache, has only these characters.
  const archive = /^[a-z][a-z\d-]{0,99}$/.test(name)
    ? `, or state an archive of it in \`features\`, which \`mode: install\` puts there`
    : '';
  return [...sentences, `Let a setup action put it there${archive}.`].join(' ');
}
