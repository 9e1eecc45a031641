import type { Annotation } from './log-commands.ts';

/** A step: an action by its folder, or a process by its argument vector. `if` defaults to `success()`. */
export type JobStep =
  | { action: string; id?: string; with?: Record<string, string>; env?: Record<string, string>; if?: string }
  | { run: readonly string[]; id?: string; env?: Record<string, string>; if?: string };

export type JobStatus = 'success' | 'failure' | 'cancelled';

export interface JobOptions {
  steps: readonly JobStep[];
  /** The runner's folder, which holds `_work`; default: a new one in the temporary directory. */
  directory?: string;
  workspace?: string;
  /** A payload that is a string is written as it is, so that a broken one can be given. */
  event?: { name: string; payload: unknown };
  /** Further variables of the job; they win. */
  env?: Record<string, string>;
  repository?: string;
  job?: string;
  environment?: 'self-hosted' | 'github-hosted';
  /** `github.token`; default: `github-token`. */
  token?: string;
  checkRunId?: string;
  /** What `job.status` says in the posts, whatever became of the steps. */
  jobStatus?: JobStatus;
  /** Cancels the job: the running step is interrupted, the rest is skipped, the posts run. */
  cancel?: AbortSignal;
  /** What each action's process is started through, such as `unshare` with its arguments. */
  wrap?: readonly string[];
  onStart?: (started: { pid: number; phase: 'main' | 'post' | 'run'; step: number }) => void;
}

export interface StepResult {
  id?: string;
  phase: 'main' | 'post' | 'run';
  exitCode: number;
  outcome: 'success' | 'failure' | 'cancelled' | 'skipped';
  /** Outputs of main only: GitHub's runner drops what a post sets. */
  outputs: Record<string, string>;
  state: Record<string, string>;
  annotations: Annotation[];
  masks: string[];
  summary: string;
  stdout: string;
  stderr: string;
  milliseconds: number;
}

export interface JobResult {
  conclusion: JobStatus;
  steps: StepResult[];
  /** In the order they ran: last in, first out. */
  posts: StepResult[];
  directory: string;
  workspace: string;
  temp: string;
  env: Record<string, string>;
  /** Processes with the job's tracking id that were still there at its end; they have been killed. */
  orphans: number[];
}
