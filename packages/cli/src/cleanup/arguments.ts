import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readInputs as readCleanInputs } from '@runner-actions/cleanup-workspace/inputs';
import { diskLevels, type ResolvedInputs } from '@runner-actions/cleanup-workspace/effective-inputs';
import { reclaimNames } from '@runner-actions/config';
import { readInputs, UserError } from '@runner-actions/core';

export const usage = `usage: runner-actions cleanup --all-runners | --runner FOLDER [--OPTION VALUE]

Removes what jobs left on runners of this machine that have no job now: the trash, the temp folder, containers of jobs
that were killed, and what --reclaim names where a disk is low. Workspaces stay. The machine's policy limits all of it.

  --runner FOLDER     the folder of a runner, which has the file .runner; may be given several times
  --all-runners       all runners that are found: by systemd units, by processes, and beside these
  --dry-run           only tells what would be removed
  --reclaim LIST      auto (what the policy allows; the default), off, or a list of
                      ${reclaimNames.join(', ')}
  --disk-high 85%     frees more only on a disk that is used above this share
  --disk-low 75%      and until its used share is at most this one
  --max-age 14d       what --reclaim removes by age is older
  --budget 10m        maximum time for all runners; the next run removes the rest
  --json              prints the whole result as JSON

exit codes: 0 all runners are clean, or have a job; 1 a named folder is no runner's, or another user's;
2 wrong usage; 3 it could not be found out whether a runner has a job, or something could not be removed`;

const texts = ['reclaim', 'disk-high', 'disk-low', 'max-age', 'budget'];

/** What the command was asked to do. */
export interface Asked {
  /** Folders of runners; `all`: those that are found. */
  runners: readonly string[] | 'all';
  inputs: ResolvedInputs['inputs'];
}

/**
 * Reads the arguments of `runner-actions cleanup`.
 * @throws UserError for a wrong one
 */
export function readArguments(args: readonly string[]): Asked {
  const { runner, 'all-runners': all, ...values } = parse(args);
  if (all === true ? runner !== undefined : runner === undefined)
    throw new UserError(
      'Name the runners: either --all-runners, or --runner FOLDER once or several times, but not both.',
    );
  const given = readCleanInputs(readInputs((name) => String(values[name] ?? '')));
  const { budget = 600_000 } = given;
  const levels = diskLevels(given.diskHigh, given.diskLow);
  if (levels.diskLow > levels.diskHigh) throw new UserError('--disk-low is above --disk-high.');
  return {
    runners: all === true ? 'all' : (runner ?? []).map((folder) => resolve(folder)),
    inputs: { ...given, keep: [], budget, ...levels },
  };
}

function parse(args: readonly string[]) {
  try {
    const options = {
      runner: { type: 'string', multiple: true },
      'all-runners': { type: 'boolean' },
      'dry-run': { type: 'boolean' },
      json: { type: 'boolean' },
      ...Object.fromEntries(texts.map((name) => [name, { type: 'string' }])),
    } as const;
    const { values } = parseArgs({ args: [...args], options });
    return values as { runner?: string[]; 'all-runners'?: boolean } & Record<string, unknown>;
  } catch (error) {
    if (error instanceof TypeError) throw new UserError(error.message);
    throw error;
  }
}
