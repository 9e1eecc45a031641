import type { GitHub } from './client.ts';
import { GitHubFailure } from './failure.ts';
import { type Pages, pagesOf } from './pages.ts';
import { pathOf } from './path.ts';
import { fields, type Repository } from './runners.ts';

/** A workflow run. Times are milliseconds since the epoch. Source: REST API, "List workflow runs for a repository". */
export interface Run {
  id: number;
  attempt: number;
  status: string;
  conclusion: string | undefined;
  event: string;
  createdAt: number;
  updatedAt: number | undefined;
  /** Path of the workflow file, without the ref. */
  workflowPath: string | undefined;
  /** `owner/name` of the repository that the code comes from; `undefined` if that repository was deleted. */
  headRepository: string | undefined;
  /** Branch or tag of the code. */
  branch: string | undefined;
  actor: string | undefined;
  name: string;
  url: string;
}

/** A job of a run. Source: REST API, "List jobs for a workflow run attempt". */
export interface RunJob {
  id: number;
  name: string;
  status: string;
  conclusion: string | undefined;
  labels: string[];
  /** `undefined` until a runner takes the job. GitHub reports null or 0 until then. */
  runnerId: number | undefined;
  runnerName: string | undefined;
  runnerGroup: string | undefined;
  createdAt: number;
  /** Set if the server gave no time of creation: then `createdAt` is the start. GitHub has it since version 3.9 of its server. */
  isCreationUnknown?: true;
  /** `undefined` until a runner takes the job. GitHub also fills its field for queued jobs; that value is ignored. */
  startedAt: number | undefined;
  completedAt: number | undefined;
  steps: {
    name: string;
    number: number;
    conclusion: string | undefined;
    startedAt: number | undefined;
    completedAt: number | undefined;
  }[];
}

/** Lists the runs of a repository, page by page, newest first. Needs `Actions: read`. @throws GitHubFailure */
export function workflowRuns(
  github: GitHub,
  { owner, name }: Repository,
  filter: { status?: string; event?: string; branch?: string } = {},
): Pages<Run> {
  const route = '/repos/{owner}/{repo}/actions/runs';
  return pagesOf(github, route, { owner, repo: name, ...filter }, 'workflow_runs', readRun);
}

/**
 * Lists the runs of one workflow, page by page, newest first. Needs `Actions: read`.
 * @param workflow file name or id
 * @throws GitHubFailure
 */
export function runsOfWorkflow(github: GitHub, { owner, name }: Repository, workflow: string): Pages<Run> {
  const route = '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs';
  return pagesOf(github, route, { owner, repo: name, workflow_id: workflow }, 'workflow_runs', readRun);
}

/** Reads the current state of one run. Needs `Actions: read`. @throws GitHubFailure */
export async function fetchRun(github: GitHub, { owner, name }: Repository, id: number): Promise<Run> {
  const route = '/repos/{owner}/{repo}/actions/runs/{run_id}';
  const parameters = { owner, repo: name, run_id: id };
  const run = readRun(await github.get(route, parameters));
  if (run === undefined)
    throw new GitHubFailure(
      'invalid-response',
      `${pathOf(route, parameters)}: the run does not have the documented shape`,
    );
  return run;
}

/**
 * Changes a run. `cancel` requests that its jobs stop. `force-cancel` does not wait for steps with `always()`.
 * `rerun` starts all jobs of a finished run again. Needs `Actions: write`.
 * @throws GitHubFailure
 */
export async function changeRun(
  github: GitHub,
  { owner, name }: Repository,
  id: number,
  change: 'cancel' | 'force-cancel' | 'rerun',
): Promise<void> {
  await github.post(`/repos/{owner}/{repo}/actions/runs/{run_id}/${change}`, {
    owner,
    repo: name,
    run_id: id,
  });
}

/** Lists the jobs of one attempt of a run, page by page. Needs `Actions: read`. @throws GitHubFailure */
export function attemptJobs(
  github: GitHub,
  { owner, name }: Repository,
  run: { id: number | string; attempt: number },
): Pages<RunJob> {
  const route = '/repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs';
  const parameters = { owner, repo: name, run_id: run.id, attempt_number: run.attempt };
  return pagesOf(github, route, parameters, 'jobs', readJob);
}

/** A job with the run and the attempt that it belongs to. `undefined`: the server does not tell. */
export interface JobOfRun extends RunJob {
  runId: number | undefined;
  attempt: number | undefined;
}

/**
 * Reads the current state of one job. Needs `Actions: read`. Source: REST API, "Get a job for a workflow run".
 * @throws GitHubFailure
 */
export async function fetchJob(github: GitHub, { owner, name }: Repository, id: number): Promise<JobOfRun> {
  const route = '/repos/{owner}/{repo}/actions/jobs/{job_id}';
  const parameters = { owner, repo: name, job_id: id };
  const item = await github.get(route, parameters);
  const job = readJob(item);
  if (job === undefined) {
    const where = pathOf(route, parameters);
    throw new GitHubFailure('invalid-response', `${where}: the job does not have the documented shape`);
  }
  const { run_id: run, run_attempt: attempt } = fields(item);
  const whole = (value: unknown) => (typeof value === 'number' ? value : undefined);
  return { ...job, runId: whole(run), attempt: whole(attempt) };
}

/** Reads a run of a response. @returns `undefined` if it does not have the documented shape */
export function readRun(item: unknown): Run | undefined {
  const run = fields(item);
  const { id, run_attempt: attempt, status, conclusion, event } = run;
  if (attempt !== undefined && attempt !== null && typeof attempt !== 'number') return undefined;
  // Gitea's runs have no `created_at`.
  const createdAt = time(run['created_at']) ?? time(run['run_started_at']) ?? time(run['started_at']);
  if (typeof id !== 'number' || typeof event !== 'string' || createdAt === undefined) return undefined;
  return {
    id,
    attempt: typeof attempt === 'number' ? attempt : 1,
    status: text(status) ?? 'unknown',
    conclusion: text(conclusion),
    event,
    createdAt,
    updatedAt: time(run['updated_at']),
    workflowPath: text(run['path'])?.split('@', 1)[0],
    headRepository: text(fields(run['head_repository'])['full_name']),
    branch: text(run['head_branch']),
    actor: text(fields(run['actor'])['login']),
    name: text(run['name']) ?? '',
    url: text(run['html_url']) ?? '',
  };
}

function readJob(item: unknown): RunJob | undefined {
  const job = fields(item);
  const { id, name, status, labels, runner_id: runner, steps } = job;
  // A job without a time must not count as one that has waited since 1970.
  const created = time(job['created_at']);
  const createdAt = created ?? time(job['started_at']);
  if (typeof id !== 'number' || typeof name !== 'string' || typeof status !== 'string') return undefined;
  if (createdAt === undefined) return undefined;
  const runnerId = typeof runner === 'number' && runner > 0 ? runner : undefined;
  return {
    id,
    name,
    status,
    conclusion: text(job['conclusion']),
    labels: Array.isArray(labels) ? labels.filter((label) => typeof label === 'string') : [],
    runnerId,
    runnerName: text(job['runner_name']),
    runnerGroup: text(job['runner_group_name']),
    createdAt,
    ...(created === undefined ? { isCreationUnknown: true } : {}),
    startedAt: runnerId === undefined ? undefined : time(job['started_at']),
    completedAt: time(job['completed_at']),
    steps: Array.isArray(steps) ? steps.map(readStep) : [],
  };
}

function readStep(item: unknown): RunJob['steps'][number] {
  const { name, number, conclusion, started_at: started, completed_at: completed } = fields(item);
  return {
    name: text(name) ?? '',
    number: typeof number === 'number' ? number : 0,
    conclusion: text(conclusion),
    startedAt: time(started),
    completedAt: time(completed),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Gitea writes a time that it does not have as 1970, other servers as the year 1. */
function time(value: unknown): number | undefined {
  const parsed = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return parsed > 0 ? parsed : undefined;
}
