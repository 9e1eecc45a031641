import { type ExitCode, exitCodes } from '@runner-actions/core';
import { type EvictionRequest, clearStore, inspectStore, surveyStore } from '@runner-actions/store';
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
  /** The exit code of the command line. */
  code: ExitCode;
  /** If set, a workflow step fails with this message. */
  failure?: string;
}

type Command = (
  root: string,
  bounds: ResolvedBounds,
  options: CommandOptions,
) => Promise<CommandResult> | CommandResult;

/** The commands for operators of a store. With `dryRun`, all except `stats` only report. None creates a store. */
export const commands: Record<CommandName, Command> = { stats, gc, prune, fsck };

/** Reports the content of the store, by repository, and its disk usage. */
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

/** Evicts entries that exceed the limits, and removes leftovers of dead jobs. */
async function gc(root: string, settled: ResolvedBounds, { dryRun }: CommandOptions): Promise<CommandResult> {
  return clearAndReport(root, {
    what: { boundsOn: (totalBytes) => boundsInBytes(totalBytes, settled) },
    dryRun,
  });
}

/**
 * Removes the entries that the options match, even if they are within the limits or were used recently. Entries that a
 * job holds stay.
 */
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
  // The concurrent eviction removes unused entries, which may be other entries than the matching ones.
  return answer.code === exitCodes.findings
    ? { ...answer, failure: 'Nothing was pruned. Run prune again.' }
    : answer;
}

async function clearAndReport(root: string, clearing: EvictionRequest): Promise<CommandResult> {
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

/** Checks every file and moves damaged entries to quarantine. Fails if a problem was found and was not repaired. */
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
