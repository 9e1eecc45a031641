import type { Annotation } from './annotations.ts';

interface StepSettings {
  id?: string;
  env?: Record<string, string>;
  /** Default: `success()`. */
  if?: string;
  /** Parts of a minute are taken too, unlike on GitHub. */
  timeoutMinutes?: number;
}

/** A step: an action by its folder, or a process by its argument vector. */
export type JobStep =
  | ({ action: string; with?: Record<string, string> } & StepSettings)
  | ({ run: readonly string[] } & StepSettings);

export type JobStatus = 'success' | 'failure' | 'cancelled';

export interface JobOptions {
  steps: readonly JobStep[];
  /** The runner's folder, which holds `_work`; default: a new one in the temporary directory. */
  directory?: string;
  workspace?: string;
  /** A payload that is a string is written as it is, so that a broken one can be given. */
  event?: { name: string; payload: unknown };
  /**
   * Further variables: `GITHUB_*`, `RUNNER_*` and `ACTIONS_*` take the place of what the runner would set, all others are
   * `env` of the workflow.
   */
  env?: Record<string, string>;
  /** Variables of the runner's own process, such as `ACTIONS_RUNNER_HOOK_JOB_STARTED`; PATH, HOME and LANG are there without. */
  machine?: Record<string, string>;
  /** Values that GitHub masks from the start; the token is always one. */
  secrets?: readonly string[];
  /** The job's outputs, as expressions. */
  outputs?: Record<string, string>;
  /** Further contexts by their whole names, such as `matrix.os`. */
  contexts?: Record<string, string>;
  repository?: string;
  job?: string;
  environment?: 'self-hosted' | 'github-hosted';
  /** `github.token`; default: `github-token`. */
  token?: string;
  checkRunId?: string;
  /** What `job.status` says in the posts, whatever became of the steps. */
  jobStatus?: JobStatus;
  /** Cancels the job: the running step is interrupted, unless its condition holds for a cancelled job; the posts run. */
  cancel?: AbortSignal;
  /** Milliseconds from a cancel until the runner kills its worker, whatever still runs. Default: 285,000, GitHub's 5 min less 15 s. */
  cancelTimeout?: number;
  /** What each action's process is started through, such as `unshare` with its arguments. */
  wrap?: readonly string[];
  onStart?: (started: { pid: number; phase: StepResult['phase']; step: number }) => void;
}

export interface StepResult {
  id?: string;
  phase: 'main' | 'post' | 'run' | 'hook';
  exitCode: number;
  outcome: 'success' | 'failure' | 'cancelled' | 'skipped';
  /** Outputs of main only: GitHub's runner drops what a post sets. */
  outputs: Record<string, string>;
  state: Record<string, string>;
  annotations: Annotation[];
  masks: string[];
  /** As GitHub would show it: masked, and empty where it is too large. */
  summary: string;
  /** The log as GitHub would show it: commands obeyed, secrets masked. */
  log: string;
  stdout: string;
  stderr: string;
  milliseconds: number;
}

export interface JobResult {
  conclusion: JobStatus;
  steps: StepResult[];
  /** In the order they ran: last in, first out. */
  posts: StepResult[];
  /** What the machine's owner has the runner do around each job. */
  hooks: { started?: StepResult; completed?: StepResult };
  /** The outputs that other jobs would get: none that is empty, or that holds a secret. */
  outputs: Record<string, string>;
  /** What the runner said at the job's end. */
  annotations: Annotation[];
  /** The posts were still running when the time for a cancel was over. */
  workerKilled: boolean;
  directory: string;
  workspace: string;
  temp: string;
  /** The variables of the job, whoever set them. */
  env: Record<string, string>;
  /** Processes with the job's tracking id that were still there at its end; they have been killed. */
  orphans: number[];
}
