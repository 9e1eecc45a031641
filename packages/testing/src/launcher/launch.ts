import type { Fleet } from '../simulator/fleet.ts';
import { startSimulator } from '../simulator/server.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Contexts, evaluate, evaluateCondition } from './expressions.ts';
import { prepareFiles, readRecords } from './file-commands.ts';
import type { JobOptions, JobResult, JobStatus, JobStep, StepResult } from './job.ts';
import { readAnnotations, readMasks } from './log-commands.ts';
import { type Metadata, readMetadata } from './metadata.ts';
import { findOrphans, killAll, runProcess } from './processes.ts';
import { jobEnvironment, layOutRunner, type RunnerDirectory } from './runner-directory.ts';

interface Running {
  options: JobOptions;
  folders: RunnerDirectory;
  env: Record<string, string>;
  contexts: Contexts;
  status: JobStatus;
  started: { index: number; metadata: Metadata; state: Record<string, string> }[];
}

/**
 * Runs a job as GitHub's runner does: steps in order, posts last in first out, files for commands, orphans killed.
 * Where no `GITHUB_API_URL` is given, GitHub is a simulator that knows an empty repository.
 */
export async function launchJob(options: JobOptions): Promise<JobResult> {
  if (options.env?.['GITHUB_API_URL'] !== undefined) return runJob(options);
  const github = await startSimulator(emptyRepository(options));
  try {
    return await runJob({ ...options, env: { ...options.env, GITHUB_API_URL: github.url } });
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

/** One that was killed is still to be seen for a moment, on a busy machine for longer. */
async function remaining(trackingId: string): Promise<number[]> {
  const until = performance.now() + 5_000;
  let orphans = findOrphans(trackingId);
  while (orphans.length > 0 && performance.now() < until) {
    await delay(20);
    orphans = findOrphans(trackingId);
  }
  return orphans;
}

async function runJob(options: JobOptions): Promise<JobResult> {
  const folders = layOutRunner(options);
  const env = jobEnvironment(options, folders);
  const contexts: Contexts = {
    'github.token': options.token ?? 'github-token',
    'github.workspace': folders.workspace,
    'github.repository': env['GITHUB_REPOSITORY'] ?? '',
    'job.check_run_id': options.checkRunId ?? '',
    'runner.temp': folders.temp,
  };
  const running: Running = { options, folders, env, contexts, status: 'success', started: [] };
  const steps: StepResult[] = [];
  for (const [index, step] of options.steps.entries()) steps.push(await runMain(running, step, index));
  if (options.jobStatus !== undefined) running.status = options.jobStatus;
  const posts: StepResult[] = [];
  for (const entry of running.started.toReversed()) {
    const post = await runPost(running, entry);
    if (post !== undefined) posts.push(post);
  }
  const orphans = await remaining(env['RUNNER_TRACKING_ID'] ?? '');
  killAll(orphans);
  const { directory, workspace, temp } = folders;
  return { conclusion: running.status, steps, posts, directory, workspace, temp, env, orphans };
}

async function runMain(running: Running, step: JobStep, index: number): Promise<StepResult> {
  running.contexts['job.status'] = running.status;
  if (!evaluateCondition(step.if ?? 'success()', running.status)) return skipped(step);
  const metadata = 'action' in step ? readMetadata(step.action) : undefined;
  const argv = 'run' in step ? step.run : through(running, join(step.action, metadata?.main ?? ''));
  const state: Record<string, string> = {};
  if (metadata !== undefined) running.started.push({ index, metadata, state });
  const env = {
    ...stepEnvironment(running, step, metadata),
    ...evaluateAll(step.env ?? {}, running.contexts),
  };
  const result = await start(running, { argv, env, index, phase: 'run' in step ? 'run' : 'main' });
  Object.assign(state, result.state);
  for (const [name, value] of Object.entries(result.outputs)) {
    if (step.id !== undefined) running.contexts[`steps.${step.id}.outputs.${name}`] = value;
  }
  if (result.outcome === 'failure' && running.status === 'success') running.status = 'failure';
  return { ...result, ...(step.id === undefined ? {} : { id: step.id }) };
}

async function runPost(running: Running, entry: Running['started'][number]): Promise<StepResult | undefined> {
  const step = running.options.steps[entry.index];
  if (step === undefined || !('action' in step) || entry.metadata.post === undefined) return undefined;
  if (!evaluateCondition(entry.metadata.postIf, running.status)) return undefined;
  running.contexts['job.status'] = running.status;
  const saved = Object.entries(entry.state).map(([name, value]) => [`STATE_${name}`, value] as const);
  const env = {
    ...stepEnvironment(running, step, entry.metadata),
    ...step.env,
    ...Object.fromEntries(saved),
  };
  const argv = through(running, join(step.action, entry.metadata.post));
  const result = await start(running, { argv, env, index: entry.index, phase: 'post' });
  if (result.outcome === 'failure' && running.status === 'success') running.status = 'failure';
  return { ...result, outputs: {}, ...(step.id === undefined ? {} : { id: step.id }) };
}

function through({ options }: Running, script: string): string[] {
  return [...(options.wrap ?? []), process.execPath, script];
}

/** Inputs are evaluated anew for each phase, so that `job.status` is current in post. Source: actions/runner, ActionRunner.cs. */
function stepEnvironment(
  running: Running,
  step: JobStep,
  metadata: Metadata | undefined,
): Record<string, string> {
  if (!('action' in step) || metadata === undefined) return withoutServices(running.env);
  const names = new Set([...Object.keys(metadata.inputs), ...Object.keys(step.with ?? {})]);
  const inputs = [...names].map((name) => {
    const text = step.with?.[name] ?? metadata.inputs[name]?.default ?? '';
    return [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, evaluate(text, running.contexts)] as const;
  });
  return { ...running.env, ...Object.fromEntries(inputs) };
}

function evaluateAll(values: Record<string, string>, contexts: Contexts): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, evaluate(text, contexts)]));
}

/** The runner gives the addresses of its services to actions only, not to `run` steps. Source: actions/runner, NodeScriptActionHandler.cs. */
function withoutServices(env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^ACTIONS_(RUNTIME|RESULTS|CACHE)_/.test(name)),
  );
}

async function start(
  running: Running,
  call: { argv: readonly string[]; env: Record<string, string>; index: number; phase: StepResult['phase'] },
): Promise<StepResult> {
  const files = prepareFiles(
    running.folders.commands,
    `${call.phase}_${call.index}_${running.started.length}`,
  );
  const { cancel, onStart } = running.options;
  const done = await runProcess(call.argv, {
    cwd: running.folders.workspace,
    env: { ...call.env, ...files },
    ...(cancel === undefined || call.phase === 'post' ? {} : { cancel }),
    onStart: (pid) => onStart?.({ pid, phase: call.phase, step: call.index }),
  });
  const cancelled = cancel?.aborted === true && call.phase !== 'post';
  if (cancelled) running.status = 'cancelled';
  const paths = readFileSync(files.GITHUB_PATH, 'utf8').split('\n').filter(Boolean).toReversed();
  Object.assign(running.env, readRecords(files.GITHUB_ENV));
  running.env['PATH'] = [...paths, running.env['PATH'] ?? ''].join(':');
  return {
    ...done,
    phase: call.phase,
    outcome: cancelled ? 'cancelled' : done.exitCode === 0 ? 'success' : 'failure',
    outputs: readRecords(files.GITHUB_OUTPUT),
    state: readRecords(files.GITHUB_STATE),
    annotations: readAnnotations(done.stdout),
    masks: readMasks(done.stdout),
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
  };
}

function skipped(step: JobStep): StepResult {
  const nothing = { outputs: {}, state: {}, annotations: [], masks: [], summary: '', stdout: '', stderr: '' };
  const phase = 'run' in step ? 'run' : 'main';
  const id = step.id === undefined ? {} : { id: step.id };
  return { ...id, phase, exitCode: 0, outcome: 'skipped', milliseconds: 0, ...nothing };
}
