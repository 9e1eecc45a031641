import type { Annotation } from './annotations.ts';

interface StepSettings {
  id?: string;
  env?: Record<string, string>;
  /** Default: `success()`. */
  if?: string;
  /** Unlike on GitHub, fractions of a minute are allowed. */
  timeoutMinutes?: number;
}

/** A step: the folder of an action, or the argument vector of a process. */
export type JobStep =
  | ({ action: string; with?: Record<string, string> } & StepSettings)
  | ({ run: readonly string[] } & StepSettings);

export type JobStatus = 'success' | 'failure' | 'cancelled';

export interface JobOptions {
  steps: readonly JobStep[];
  /** The runner's folder, which holds `_work` and `home`. Default: a new folder in the temporary directory. */
  directory?: string;
  workspace?: string;
  /** A payload that is a string is written to the event file unchanged, so that a test can pass invalid JSON. */
  event?: { name: string; payload: unknown };
  /**
   * Further variables. `GITHUB_*`, `RUNNER_*` and `ACTIONS_*` replace the values that the runner would set. All other
   * variables are `env` of the workflow.
   */
  env?: Record<string, string>;
  /** Variables of the runner's own process, such as `ACTIONS_RUNNER_HOOK_JOB_STARTED`. PATH, HOME and LANG are always set. */
  machine?: Record<string, string>;
  /** Values that GitHub masks from the start, in addition to the token. */
  secrets?: readonly string[];
  /** The job's outputs, as expressions. */
  outputs?: Record<string, string>;
  /** Further contexts by their full names, such as `matrix.os`. */
  contexts?: Record<string, string>;
  repository?: string;
  job?: string;
  environment?: 'self-hosted' | 'github-hosted';
  /** `github.token`. Default: `github-token`. */
  token?: string;
  checkRunId?: string;
  /** The value of `job.status` in the posts, instead of the result of the steps. */
  jobStatus?: JobStatus;
  /** Cancels the job. Interrupts the running step, unless its condition holds for a cancelled job. Posts still run. */
  cancel?: AbortSignal;
  /** Milliseconds from a cancel until the runner kills its worker. Default: 285,000, which is GitHub's 5 min minus 15 s. */
  cancelTimeout?: number;
  /** A command through which each process of an action is started, such as `unshare` with its arguments. */
  wrap?: readonly string[];
  /** Called with each process that starts. `step` is the index of the step, or -1 for a hook. */
  onStart?: (started: { pid: number; phase: StepResult['phase']; step: number }) => void;
}

export interface StepResult {
  id?: string;
  phase: 'main' | 'post' | 'run' | 'hook';
  exitCode: number;
  outcome: 'success' | 'failure' | 'cancelled' | 'skipped';
  /** Empty for a post, because GitHub's runner drops outputs that a post sets. */
  outputs: Record<string, string>;
  state: Record<string, string>;
  annotations: Annotation[];
  masks: string[];
  /** The summary as GitHub would show it: masked, and empty if it is too large. */
  summary: string;
  /** The log as GitHub would show it: commands executed, secrets masked. */
  log: string;
  stdout: string;
  stderr: string;
  milliseconds: number;
}

export interface JobResult {
  conclusion: JobStatus;
  steps: StepResult[];
  /** The posts in the order in which they ran: last in, first out. */
  posts: StepResult[];
  /** The hooks of the machine's owner, which the runner runs before and after each job. */
  hooks: { started?: StepResult; completed?: StepResult };
  /** The outputs that other jobs would get. Outputs that are empty or contain a secret are dropped. */
  outputs: Record<string, string>;
  /** The annotations that the runner adds at the end of the job. */
  annotations: Annotation[];
  /** Whether the runner killed its worker because something was still running when `cancelTimeout` was over. */
  workerKilled: boolean;
  directory: string;
  workspace: string;
  temp: string;
  /** The variables of the job, of all origins. */
  env: Record<string, string>;
  /** Ids of processes with the job's tracking id that still ran at the end of the job. The launcher has killed them. */
  orphans: number[];
}
