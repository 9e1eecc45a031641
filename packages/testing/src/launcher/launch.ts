import { setTimeout as delay } from 'node:timers/promises';
import type { Fleet } from '../simulator/fleet.ts';
import { startSimulator } from '../simulator/server.ts';
import { evaluate } from './expressions.ts';
import type { JobOptions, JobResult } from './job.ts';
import { findProcessesByTrackingId, killProcesses } from './processes.ts';
import { pushPayload } from './runner-folders.ts';
import { openJob, type RunningJob } from './running-job.ts';
import { openStepLog } from './step-log.ts';
import { runHook, runMain, runPost } from './steps.ts';

/** GitHub gives a cancelled job 5 minutes. The runner kills its worker 15 s before. Source: actions/runner, JobDispatcher.cs. */
const cancelTimeout = 285_000;

/**
 * Runs a job as GitHub's runner does: runs the steps in order, runs the posts last in, first out, executes commands, and
 * kills orphans. Without `GITHUB_API_URL`, the job gets a simulator that knows one empty repository.
 */
export async function launchJob(options: JobOptions): Promise<JobResult> {
  if (options.env?.['GITHUB_API_URL'] !== undefined) return runJob(options);
  const github = await startSimulator(emptyRepository(options));
  try {
    const [owner = '', name = ''] = (options.repository ?? 'octo/app').split('/');
    const event = options.event ?? { name: 'push', payload: pushPayload(owner, name, 'Organization') };
    return await runJob({ ...options, event, env: { ...options.env, GITHUB_API_URL: github.url } });
  } finally {
    await github.stop();
  }
}

function emptyRepository({ repository = 'octo/app', token = 'github-token' }: JobOptions): Fleet {
  const [login = '', name = ''] = repository.split('/');
  const permissions = { actions: 'read', contents: 'read' } as const;
  const tokens = token === '' ? {} : { [token]: { permissions } };
  return { owner: { login, kind: 'organization' }, repositories: [{ id: 1, name, private: true }], tokens };
}

async function runJob(options: JobOptions): Promise<JobResult> {
  const job = openJob(options);
  const results: Results = { steps: [], posts: [], hooks: {} };
  const ended = new AbortController();
  const work = runAll(job, results).finally(() => ended.abort());
  await Promise.race([work, killWorkerAfterCancel(job, ended.signal)]);
  const orphans = findProcessesByTrackingId(job.variables.machine['RUNNER_TRACKING_ID'] ?? '');
  killProcesses(orphans);
  await work;
  const { machine, workflow, contexts, services } = job.variables;
  const { directory, workspace, temp } = job.folders;
  return {
    conclusion: job.status,
    ...results,
    ...(job.killed ? { outputs: {}, annotations: [] } : readOutputs(job)),
    workerKilled: job.killed,
    directory,
    workspace,
    temp,
    env: { ...machine, ...workflow, ...contexts, ...services },
    orphans,
  };
}

type Results = Pick<JobResult, 'steps' | 'posts' | 'hooks'>;

/**
 * Runs the hook for the start of a job, the steps, the posts, and the hook for the end of a job, and adds to `results`.
 * Source: actions/runner 2.336.0, StepsRunner.cs.
 */
async function runAll(job: RunningJob, results: Results): Promise<void> {
  const { machine } = job.variables;
  const started = await runHook(job, machine['ACTIONS_RUNNER_HOOK_JOB_STARTED']);
  if (started !== undefined) results.hooks.started = started;
  for (const [index, step] of job.options.steps.entries()) {
    if (!job.killed) results.steps.push(await runMain(job, step, index));
  }
  if (job.options.jobStatus !== undefined) job.status = job.options.jobStatus;
  for (const entry of job.started.toReversed()) {
    const post = job.killed ? undefined : await runPost(job, entry);
    if (post !== undefined) results.posts.push(post);
  }
  const completed = job.killed ? undefined : await runHook(job, machine['ACTIONS_RUNNER_HOOK_JOB_COMPLETED']);
  if (completed !== undefined) results.hooks.completed = completed;
}

/**
 * Sets `killed` and resolves when the job is cancelled and `cancelTimeout` is over. Otherwise never resolves.
 * @param ended aborts when the job has ended by itself
 */
async function killWorkerAfterCancel(job: RunningJob, ended: AbortSignal): Promise<void> {
  const { cancel } = job.options;
  if (cancel === undefined) return new Promise(() => undefined);
  if (!cancel.aborted)
    await new Promise((resolve) => cancel.addEventListener('abort', resolve, { once: true, signal: ended }));
  await delay(job.options.cancelTimeout ?? cancelTimeout, undefined, { signal: ended }).catch(
    () => new Promise(() => undefined),
  );
  job.killed = true;
}

/** Evaluates the job outputs that other jobs get. Source: actions/runner 2.336.0, `FinalizeJob` of JobExtension.cs. */
function readOutputs(job: RunningJob): Pick<JobResult, 'outputs' | 'annotations'> {
  const log = openStepLog({ masker: job.masker, workspace: job.folders.workspace, setting: () => undefined });
  const outputs: Record<string, string> = {};
  for (const [name, text] of Object.entries(job.options.outputs ?? {})) {
    const value = evaluate(text, job.contexts);
    if (value !== job.masker.mask(value))
      log.report('warning', `Skip output '${name}' since it may contain secret.`);
    else if (value !== '') outputs[name] = value;
  }
  return { outputs, annotations: log.annotations };
}
