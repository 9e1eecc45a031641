import { argumentsOf, judge, type Range, toolNamed, type ToolRequirement } from '@runner-actions/manifest';
import { executableIdentity } from '../executable-io.ts';
import { executablesOf } from '../search-path-io.ts';
import { adviceForMissing, installerOf } from '../tools/advice-io.ts';
import { fromDefaultBranch } from '../strangers/withheld.ts';
import { type Answer, askTool, programOf } from '../tools/ask-tool-io.ts';
import { copiesElsewhere, copiesOnPath, otherJavaHome } from '../tools/copies-io.ts';
import { adviseUpgrade } from '../tools/old-advice.ts';
import { checkOwnCommand } from '../tools/own-command.ts';
import type { Finding, Kind, Machine } from './kind.ts';

/** A program on PATH, and its version. */
export const tool = {
  async check(requirement, machine) {
    if (requirement.command !== undefined) return checkOwnCommand(requirement, requirement.command, machine);
    const { name } = requirement;
    const [path, ...shadowed] = await copiesOnPath(name, machine);
    if (path === undefined) return checkElsewhere(requirement, machine);
    const notices = [
      ...(shadowed.length === 0 ? [] : [`${path} takes precedence over ${shadowed.join(', ')}.`]),
      ...(await otherJavaHome(name, path, machine)),
    ];
    const notice = notices.length === 0 ? {} : { notice: notices.join(' ') };
    const entry = toolNamed(name);
    const answer =
      machine.strangersManifest && entry === undefined && !machine.facts.hosted
        ? notAsked
        : await askTool(name, entry, path, machine, requirement.run);
    const first = judgeAnswer(requirement, answer);
    const needsOthers = requirement.isList === true && 'versions' in answer && first.status === 'fail';
    const finding = needsOthers ? await judgeAll(requirement, answer.versions, shadowed, machine) : first;
    if (!('versions' in answer)) {
      const isPlugin = 'unknown' in answer && answer.kind === 'plugin';
      return { ...finding, ...(isPlugin ? installerOf(name, machine) : {}), ...notice };
    }
    const { versions } = answer;
    return { ...adviseUpgrade(finding, requirement, { path, versions }, machine), ...notice };
  },

  async stateKey({ name, isList, command }, machine) {
    // What a command of the manifest or a list of versions depends on is not known.
    if (command !== undefined || isList === true || toolNamed(name)?.list === true) return undefined;
    const [path] = await copiesOnPath(name, machine);
    if (path === undefined) return undefined;
    const identity = await executableIdentity(await programOf(path, machine), machine.job.environment);
    const home = name.startsWith('java') ? machine.job.environment['JAVA_HOME'] : undefined;
    return identity === undefined || home === undefined ? identity : `${identity}\n${home}`;
  },

  wanted: wantedText,
} satisfies Kind<ToolRequirement>;

/**
 * A stranger could name any program of this machine, and `--version` may do something else than tell one. A hosted machine
 * is thrown away, and has only what everybody knows.
 */
const notAsked: Answer = {
  ...{ unknown: 'not asked, since a stranger may have written the manifest', kind: 'no-version' },
  advice: fromDefaultBranch,
};

export function wantedText({ ranges, need }: ToolRequirement): string {
  return ranges.map(({ text }) => text).join(need === 'all' ? ' and ' : ' or ');
}

/** Checks a tool of which nothing is on PATH. Only a list of versions can be met by copies in other places. */
async function checkElsewhere(requirement: ToolRequirement, machine: Machine): Promise<Finding> {
  const { name, isList } = requirement;
  const missing = async (): Promise<Finding> => ({
    ...{ status: 'fail', wanted: wantedText(requirement) },
    ...(await adviceForMissing(name, machine)),
  });
  if (isList !== true) return missing();
  const finding = await judgeAll(requirement, [], [], machine);
  return finding.status === 'fail' && finding.found === noVersion ? missing() : finding;
}

const noVersion = 'no version installed';

/** Judges all versions of a tool that this machine has, on PATH and elsewhere. */
async function judgeAll(
  requirement: ToolRequirement,
  first: readonly string[],
  shadowed: readonly string[],
  machine: Machine,
): Promise<Finding> {
  const { name } = requirement;
  const elsewhere = await copiesElsewhere(name, machine);
  const paths = [...new Set([...shadowed, ...(await executablesOf(elsewhere))])];
  const answers = await Promise.all(
    paths.map((path) => askTool(name, toolNamed(name), path, machine, requirement.run)),
  );
  const versions = answers.flatMap((answer) => ('versions' in answer ? answer.versions : []));
  return judgeVersions(requirement, [...new Set([...first, ...versions])]);
}

/** Judges what a tool answered. */
export function judgeAnswer(requirement: ToolRequirement, answer: Answer): Finding {
  const { name, ranges } = requirement;
  const wanted = wantedText(requirement);
  const command = [name, ...(argumentsOf(toolNamed(name))[0] ?? [])].join(' ');
  const other =
    toolNamed(name) === undefined
      ? ` If it tells its version in another way, give it a 'command'. If it is enough that it is there, require it under 'files' with 'type: executable'.`
      : '';
  const broken = { advice: `To find the cause, run '${command}' on the runner.${other}` };
  if ('broken' in answer) return { status: 'error', found: answer.broken, wanted, ...broken };
  if ('versions' in answer) return judgeVersions(requirement, answer.versions);
  const { unknown: found, kind, advice } = answer;
  const isAny = ranges.every(({ any }) => any);
  if (['no-version', 'stand-in'].includes(kind) && isAny)
    return { status: 'pass', found: `present, ${found}`, wanted };
  // The tool is there but cannot run, whatever its version is.
  const isUnusable = ['shim', 'plugin', 'stand-in', 'interpreter', 'library', 'not-executable'].includes(
    kind,
  );
  return {
    status: isUnusable ? 'fail' : 'error',
    found,
    wanted,
    ...(advice === undefined ? broken : { advice }),
  };
}

function judgeVersions(requirement: ToolRequirement, versions: readonly string[]): Finding {
  const { name, ranges, need } = requirement;
  const wanted = wantedText(requirement);
  const found = versions.join(', ') || noVersion;
  const judged = ranges.map((range) => bestOf(range, versions, requirement.prerelease));
  const isMet = (one: (typeof judged)[number]): boolean => one.met === true;
  if (need === 'all' ? judged.every(isMet) : judged.some(isMet)) return { status: 'pass', found, wanted };
  const reasons = [...new Set(judged.flatMap(({ why }) => why ?? []))];
  const reason = reasons.length === 0 ? '' : ` (${reasons.join('; ')})`;
  if (judged.some(({ met }) => met === 'unknown'))
    return {
      status: 'error',
      found: found + reason,
      wanted,
      advice: `Check the version of ${name} on the runner.`,
    };
  const lacking = ranges.filter((_, index) => judged[index]?.met === false).map(({ text }) => text);
  const rule = judged.find(({ met }) => met === false)?.rule;
  return {
    ...{ status: 'fail', found: found + reason, wanted: `${wanted}${rule === undefined ? '' : `, ${rule}`}` },
    advice: `Install ${name} ${lacking.join(need === 'all' ? ' and ' : ' or ')}.`,
  };
}

/** Judges the versions against one range: one that meets it is enough. */
function bestOf(
  range: Range,
  versions: readonly string[],
  prerelease: boolean,
): { met: boolean | 'unknown'; why?: string; rule?: string } {
  const verdicts = versions.map((version) => judge(range, version, { prerelease }));
  const met = verdicts.find((verdict) => 'met' in verdict && verdict.met);
  if (met !== undefined && 'met' in met) return { met: true };
  const unknown = verdicts.find((verdict) => 'unknown' in verdict);
  if (unknown !== undefined) return { met: 'unknown', why: unknown.unknown };
  const failed = verdicts.find((verdict) => 'rule' in verdict);
  if (failed === undefined || !('rule' in failed)) return { met: false };
  return { met: false, rule: failed.rule, ...(failed.why === undefined ? {} : { why: failed.why }) };
}
