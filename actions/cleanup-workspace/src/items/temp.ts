import type { TreeAge } from './tree-age.ts';

/** Names in `_temp` that the runner or an action of this job uses until the job ends. */
const reserved = new Set([
  '_runner_file_commands',
  '_github_workflow',
  '_runner_hook_responses',
  'runner-actions',
]);
/** Which job may use the folder. */
export interface TempUse {
  /** The job has changed nothing that is older, see `jobStart`. */
  before: number;
  /** Whether this process runs in the job's container, where `_github_home` is mounted. */
  inContainer: boolean;
  /** Whether no job runs. */
  idle: boolean;
}

/** HOME in containers of a job. It may be mounted in one that still runs. */
const home = '_github_home';

/** What is known about an entry of `_temp`. */
export interface TempEntry {
  name: string;
  /** Why it stays in any case. */
  whyKept: string | undefined;
  /** `undefined` if the entry was not looked at. */
  age?: TreeAge;
}

/**
 * Decides whether an entry of `_temp` was left by an earlier job. The runner empties the folder before each job, but
 * not what belongs to another user or what comes after that. Source: actions/runner, TempDirectoryManager.cs,
 * IOUtil.cs.
 */
export function judgeTemp(
  { name, whyKept, age }: TempEntry,
  { before, inContainer, idle }: TempUse,
): { action: 'remove' | 'keep'; why: string } {
  const keep = (why: string) => ({ action: 'keep' as const, why });
  if (reserved.has(name) && !idle) return keep('the runner or an action of this job uses it');
  if (name === home && inContainer) return keep('it is the home directory of the container of this job');
  if (whyKept !== undefined) return keep(whyKept);
  // Without a job, nothing in it can belong to one, however large or unreadable it is.
  if (idle) return { action: 'remove', why: 'left by an earlier job' };
  if (age === undefined) return keep('it could not be read');
  if (age.newest >= before) return keep('this job may have changed it');
  // What this user cannot read belongs to another user. It is only moved to the trash, where it stays whole.
  if (age.unseen === 'a part cannot be read')
    return { action: 'remove', why: 'left by an earlier job; a part of it belongs to another user' };
  if (age.unseen !== undefined) return keep(`it is not known whether this job has changed it: ${age.unseen}`);
  return { action: 'remove', why: 'left by an earlier job' };
}
