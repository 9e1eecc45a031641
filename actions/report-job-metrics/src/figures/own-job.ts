import type { JobOfRun, RunJob } from '@runner-actions/github';

/** What this job knows about itself. */
export interface JobIdentity {
  runId: string;
  attempt: number;
  /** The job's key in the workflow. */
  key: string;
  runner: string;
  /** Whether the runner is GitHub's. */
  hosted: boolean;
}

/**
 * Whether GitHub's answer for an id is this job. The id is an input, so it can be that of another job. The names of
 * hosted runners do not prove that: GitHub's API can give another name than the machine has.
 */
export function isOwn({ runId, attempt, runnerName, status }: JobOfRun, own: JobIdentity): boolean {
  if (status === 'completed') return false;
  // Not every server tells the attempt. An id is that of one attempt only.
  if (`${runId}` !== own.runId || (attempt ?? own.attempt) !== own.attempt) return false;
  return own.hosted || runnerName === own.runner;
}

/**
 * Returns the job in progress on this runner. A runner runs one job at a time, but two runners can have the same name.
 * Then the job's key decides, if it fits one name only. Otherwise the result is `undefined`, and never another job.
 */
export function ownJob(
  jobs: readonly RunJob[],
  { key, runner }: Pick<JobIdentity, 'key' | 'runner'>,
): RunJob | undefined {
  const here = jobs.filter(({ runnerName, status }) => runnerName === runner && status === 'in_progress');
  if (here.length < 2) return here[0];
  const named = here.filter(({ name }) => fits(name, key));
  return named.length === 1 ? named[0] : undefined;
}

/**
 * Whether a name can be that of the job with this key. GitHub names a job by its key, with the values of its matrix in
 * brackets, and writes the names of calling jobs before it: `call / build (linux, 20)`.
 */
function fits(name: string, key: string): boolean {
  const own = name.split(' / ').at(-1) ?? '';
  return key !== '' && (own === key || own.startsWith(`${key} (`));
}
