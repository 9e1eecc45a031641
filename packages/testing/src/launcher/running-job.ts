import type { JobVariables } from './environment.ts';
import type { Contexts } from './expressions.ts';
import type { JobOptions, JobStatus } from './job.ts';
import type { Metadata } from './metadata.ts';
import { jobVariables, layOutRunner, type RunnerDirectory } from './runner-directory.ts';
import { openSecretMasker, type SecretMasker } from './secret-masker.ts';

/** What changes while a job runs. */
export interface RunningJob {
  readonly options: JobOptions;
  readonly folders: RunnerDirectory;
  readonly variables: JobVariables;
  readonly masker: SecretMasker;
  /** Of the steps: outputs, outcomes. The others are asked of `contextsOf`. */
  readonly contexts: Contexts;
  /** The actions whose main has started, in that order: their posts run. */
  readonly started: { index: number; metadata: Metadata; state: Record<string, string> }[];
  status: JobStatus;
  /** The time for a cancel is over: nothing more is started. */
  killed: boolean;
}

export function openJob(options: JobOptions): RunningJob {
  const folders = layOutRunner(options);
  const variables = jobVariables(options, folders);
  const token = options.token ?? 'github-token';
  const masker = openSecretMasker();
  for (const secret of [token, ...(options.secrets ?? [])]) masker.add(secret);
  const contexts: Contexts = {
    'github.token': token,
    'job.check_run_id': options.checkRunId ?? '',
    'strategy.fail-fast': 'true',
    'strategy.job-index': '0',
    'strategy.job-total': '1',
    'strategy.max-parallel': '1',
    ...options.contexts,
  };
  for (const [name, value] of Object.entries(variables.contexts)) {
    const [, context, property] = /^(GITHUB|RUNNER)_(.+)$/.exec(name) ?? [];
    if (context !== undefined && property !== undefined)
      contexts[`${context.toLowerCase()}.${property.toLowerCase()}`] = value;
  }
  return { options, folders, variables, masker, contexts, started: [], status: 'success', killed: false };
}

/** The contexts as they are now. @param env the step's own, evaluated */
export function contextsOf(job: RunningJob, env: Record<string, string> = {}): Contexts {
  const named = Object.entries({ ...job.variables.workflow, ...env });
  return {
    ...job.contexts,
    ...Object.fromEntries(named.map(([name, value]) => [`env.${name}`, value])),
    'job.status': job.status,
  };
}
