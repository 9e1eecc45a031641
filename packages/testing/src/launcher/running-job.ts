import type { JobVariables } from './environment.ts';
import type { Contexts } from './expressions.ts';
import type { JobOptions, JobStatus } from './job.ts';
import type { Metadata } from './metadata.ts';
import { jobVariables, createRunnerFolders, type RunnerFolders } from './runner-folders.ts';
import { openSecretMasker, type SecretMasker } from './secret-masker.ts';

/** The state of a job while it runs. */
export interface RunningJob {
  readonly options: JobOptions;
  readonly folders: RunnerFolders;
  readonly variables: JobVariables;
  readonly masker: SecretMasker;
  /** The fixed contexts, and the outputs and outcomes of steps. `contextsOf` adds `env` and `job.status`. */
  readonly contexts: Contexts;
  /** The actions whose main phase has started, in order of their start. Their posts run. */
  readonly started: { index: number; metadata: Metadata; state: Record<string, string> }[];
  status: JobStatus;
  /** Whether `cancelTimeout` is over after a cancel. If so, nothing more is started. */
  killed: boolean;
}

export function openJob(options: JobOptions): RunningJob {
  const folders = createRunnerFolders(options);
  const variables = jobVariables(options, folders);
  const token = options.token ?? 'github-token';
  const masker = openSecretMasker();
  for (const secret of [token, ...(options.secrets ?? [])]) masker.add(secret);
  const contexts: Contexts = {
    'github.token': token,
    'job.check_run_id': options.checkRunId ?? '',
    // For a job of a reusable workflow, GitHub names the called file here. Such a test sets it in `contexts`.
    'job.workflow_ref':
      options.env?.['GITHUB_WORKFLOW_REF'] ?? variables.contexts['GITHUB_WORKFLOW_REF'] ?? '',
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

/** Returns the current contexts. @param env the step's `env`, with expressions evaluated */
export function contextsOf(job: RunningJob, env: Record<string, string> = {}): Contexts {
  const named = Object.entries({ ...job.variables.workflow, ...env });
  return {
    ...job.contexts,
    ...Object.fromEntries(named.map(([name, value]) => [`env.${name}`, value])),
    'job.status': job.status,
  };
}
