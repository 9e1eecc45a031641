import { type ExitCode, exitCodes } from '@runner-actions/core';
import { type Clearing, clearStore, inspectStore, surveyStore } from '@runner-actions/store';
import { boundsInBytes, type ResolvedBounds } from '../plan/store-bounds.ts';
import { formatCount } from '../report/format-lists.ts';
import type { CommandName, CommandOptions } from './arguments.ts';
import { checkedLines, collectedLines, statisticsLines } from './result-lines.ts';

export interface CommandResult {
  lines: string[];
  result: object;
  storeBytes: number;
  freedBytes: number;
  problems: number;
  /** For people and timers. */
  code: ExitCode;
  /** A step of a workflow is to fail with it. */
  failure?: string;
}

type Command = (
  root: string,
  bounds: ResolvedBounds,
  options: CommandOptions,
) => Promise<CommandResult> | CommandResult;

/** What operators do with a store. All but `stats` leave it as it was with `dryRun`; none makes one. */
export const commands: Record<CommandName, Command> = { stats, gc, prune, fsck };

/** What is in it, repository by repository, and on the disk. */
function stats(root: string): CommandResult {
  const survey = surveyStore(root);
  const { statistics, usage } = survey;
  return {
    lines: statisticsLines(root, survey, Date.now()),
    result: { ...statistics, disk: usage },
    ...{ storeBytes: statistics.bytes + statistics.copyBytes, freedBytes: 0, problems: 0 },
    code: usage.unreadElsewhere === 0 ? exitCodes.well : exitCodes.attention,
  };
}

/** Holds the store to its bounds, and removes what dead jobs left. */
async function gc(root: string, settled: ResolvedBounds, { dryRun }: CommandOptions): Promise<CommandResult> {
  return clearAndReport(root, {
    what: { boundsOn: (totalBytes) => boundsInBytes(totalBytes, settled) },
    dryRun,
  });
}

/** Removes what the options choose, whatever the bounds, and however short a time ago it was used; nothing that a job holds. */
async function prune(root: string, _bounds: ResolvedBounds, options: CommandOptions): Promise<CommandResult> {
  const { repository, key, olderThan, dryRun } = options;
  const now = Date.now();
  const answer = await clearAndReport(root, {
    what: {
      fits: (one) =>
        (repository === undefined || one.repository === repository) &&
        (key === undefined || one.key?.startsWith(key) === true) &&
        now - one.lastUse >= (olderThan || -Infinity),
    },
    dryRun,
  });
  // An eviction removes what nobody used, which need not be what was chosen.
  return answer.code === exitCodes.findings
    ? { ...answer, failure: 'Nothing was pruned. Run prune again.' }
    : answer;
}

async function clearAndReport(root: string, clearing: Clearing): Promise<CommandResult> {
  const { collected, usage, keptBytes } = await clearStore(root, clearing);
  const common = { storeBytes: keptBytes, freedBytes: 0, problems: 0 };
  if (collected === 'busy') {
    const lines = ['Another process is evicting from this store: nothing was done. Run it again.'];
    return { lines, result: { busy: true }, ...common, code: exitCodes.findings };
  }
  const isWell = collected.left.length === 0 && usage.unreadElsewhere === 0;
  return {
    lines: collectedLines(collected, usage, clearing.dryRun),
    result: { ...collected, disk: usage },
    ...{ ...common, freedBytes: collected.bytes },
    code: isWell ? exitCodes.well : exitCodes.attention,
  };
}

/** Looks at every file; what is not what it should be goes to quarantine. Fails where something was found and stays. */
function fsck(root: string, _bounds: ResolvedBounds, { full, dryRun }: CommandOptions): CommandResult {
  const { checked, keptBytes } = inspectStore(root, { full, repair: !dryRun });
  const { problems } = checked;
  const left = problems.filter(({ done }) => done === 'nothing' || done === 'unread').length;
  const isUnknown = problems.some(({ done }) => done === 'unread');
  return {
    lines: checkedLines(checked, full),
    result: checked,
    ...{ storeBytes: keptBytes, freedBytes: 0, problems: problems.length },
    code: isUnknown ? exitCodes.attention : left === 0 ? exitCodes.well : exitCodes.findings,
    ...(left === 0 ? {} : { failure: `The store ${root} has ${formatCount(left, 'problem')}.` }),
  };
}
