import { join } from 'node:path';
import { type ProcessVariables, processEnvironment } from './environment.ts';
import { type Contexts, evaluate, evaluateCondition } from './expressions.ts';
import { createCommandFiles, readFileCommands } from './file-commands.ts';
import { HookError, hookCommand } from './hooks.ts';
import type { JobStep, StepResult } from './job.ts';
import { type Metadata, readMetadata } from './metadata.ts';
import { runProcess } from './processes.ts';
import { contextsOf, type RunningJob } from './running-job.ts';
import { openStepLog, type StepLog } from './step-log.ts';

/** One process that the runner starts, with its condition and timeout. */
interface StepProcess {
  phase: StepResult['phase'];
  index: number;
  id?: string | undefined;
  condition: string;
  timeoutMinutes?: number | undefined;
  /** Returns the command and its variables. Called only if the condition holds. */
  plan: (log: StepLog) => { argv: string[] } & Omit<ProcessVariables, 'files'>;
}

/** Runs a step, or the main phase of an action. */
export async function runMain(job: RunningJob, step: JobStep, index: number): Promise<StepResult> {
  const metadata = 'action' in step ? readMetadata(step.action) : undefined;
  const { id, timeoutMinutes, if: condition = 'success()' } = step;
  const phase = metadata === undefined ? 'run' : 'main';
  const state: Record<string, string> = {};
  const result = await runIfConditionHolds(job, {
    ...{ phase, index, id, condition, timeoutMinutes },
    plan: (log) => {
      if (metadata?.post !== undefined) job.started.push({ index, metadata, state });
      return planStep(job, step, metadata, log);
    },
  });
  Object.assign(state, result.state);
  const undeclared = Object.keys(result.outputs).find((name) => metadata?.outputs?.includes(name) === false);
  if (undeclared !== undefined)
    throw new Error(
      `'${metadata?.name}' sets the output '${undeclared}', which its action.yml does not declare`,
    );
  if (id !== undefined) {
    for (const [name, value] of Object.entries(result.outputs))
      job.contexts[`steps.${id}.outputs.${name}`] = value;
    job.contexts[`steps.${id}.outcome`] = result.outcome;
    job.contexts[`steps.${id}.conclusion`] = result.outcome;
  }
  return result;
}

/** Runs the post phase of an action. Drops its outputs, as GitHub's runner does, because the context of a post has no name. */
export async function runPost(
  job: RunningJob,
  entry: RunningJob['started'][number],
): Promise<StepResult | undefined> {
  const { index, metadata, state } = entry;
  const step = job.options.steps[index];
  if (step === undefined || !('action' in step) || metadata.post === undefined) return undefined;
  const script = metadata.post;
  const result = await runIfConditionHolds(job, {
    ...{ phase: 'post', index, id: step.id, condition: metadata.postIf },
    plan: (log) => ({
      ...planStep(job, step, metadata, log),
      argv: nodeCommand(job, join(step.action, script)),
      state,
    }),
  });
  return result.outcome === 'skipped' ? undefined : { ...result, outputs: {} };
}

/** Runs a hook of the machine's owner, if there is one. */
export async function runHook(job: RunningJob, path: string | undefined): Promise<StepResult | undefined> {
  if (path === undefined || path === '') return undefined;
  return runIfConditionHolds(job, {
    ...{ phase: 'hook', index: -1, condition: 'always()' },
    plan: () => ({ argv: hookCommand(path), kind: 'hook' }),
  });
}

/** Returns the command that starts a script with Node, through `wrap`. */
function nodeCommand({ options }: RunningJob, script: string): string[] {
  return [...(options.wrap ?? []), process.execPath, script];
}

/**
 * Evaluates the inputs and the `env` of a step. The launcher does this for each phase, so that `job.status` is current in
 * the post. Source: actions/runner, ActionRunner.cs.
 */
function planStep(
  job: RunningJob,
  step: JobStep,
  metadata: Metadata | undefined,
  log: StepLog,
): ReturnType<StepProcess['plan']> {
  const env = evaluateAll(step.env ?? {}, contextsOf(job));
  if (!('action' in step) || metadata === undefined) {
    const argv = 'run' in step ? [...step.run] : [];
    return { kind: 'run', argv, env, contexts: { GITHUB_ACTION: step.id ?? '__run' } };
  }
  const withValues = evaluateAll(step.with ?? {}, contextsOf(job, env));
  const inputs = readInputs(metadata, withValues, contextsOf(job, env), log);
  const contexts = {
    GITHUB_ACTION: step.id ?? '__org_runner-actions',
    GITHUB_ACTION_REPOSITORY: 'org/runner-actions',
    GITHUB_ACTION_REF: 'v1',
  };
  return { kind: 'action', argv: nodeCommand(job, join(step.action, metadata.main)), env, inputs, contexts };
}

/**
 * Adds the default values to the inputs of a step. Ignores the case of names. Passes on an input that the action does
 * not declare, with a warning.
 */
function readInputs(
  metadata: Metadata,
  withValues: Record<string, string>,
  contexts: Contexts,
  log: StepLog,
): Record<string, string> {
  const declared = Object.keys(metadata.inputs);
  const known = new Set(declared.map((name) => name.toLowerCase()));
  const unexpected = Object.keys(withValues).filter((name) => !known.has(name.toLowerCase()));
  if (unexpected.length > 0)
    log.report(
      'warning',
      `Unexpected input(s) '${unexpected.join("', '")}', valid inputs are ['${declared.join("', '")}']`,
    );
  const inputs = { ...withValues };
  const setNames = new Set(Object.keys(withValues).map((name) => name.toLowerCase()));
  for (const [name, { default: text = '' }] of Object.entries(metadata.inputs)) {
    if (!setNames.has(name.toLowerCase())) inputs[name] = evaluate(text, contexts, 'action.yml');
  }
  return inputs;
}

function evaluateAll(values: Record<string, string>, contexts: Contexts): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, evaluate(text, contexts)]));
}

/**
 * Runs a process if its condition holds. A cancel interrupts it only if the condition does not hold for a cancelled job.
 * Source: actions/runner 2.336.0, StepsRunner.cs.
 */
async function runIfConditionHolds(job: RunningJob, stepProcess: StepProcess): Promise<StepResult> {
  const { cancel } = job.options;
  const stop = new AbortController();
  const onCancel = (): void => {
    job.status = 'cancelled';
    if (!evaluateCondition(stepProcess.condition, job.status, contextsOf(job))) stop.abort();
  };
  if (cancel?.aborted === true) job.status = 'cancelled';
  else cancel?.addEventListener('abort', onCancel, { once: true });
  try {
    if (!evaluateCondition(stepProcess.condition, job.status, contextsOf(job)))
      return skippedResult(stepProcess);
    const result = await runStepProcess(job, stepProcess, stop);
    if (result.outcome === 'failure' && job.status === 'success') job.status = 'failure';
    return result;
  } finally {
    cancel?.removeEventListener('abort', onCancel);
  }
}

async function runStepProcess(
  job: RunningJob,
  stepProcess: StepProcess,
  stop: AbortController,
): Promise<StepResult> {
  const { options, folders, variables, masker } = job;
  const files = createCommandFiles(folders.commands, variables.contexts);
  let env: Record<string, string> = {};
  const log = openStepLog({ masker, workspace: folders.workspace, setting: (name) => env[name] });
  const plan = tryPlan(stepProcess, log);
  if (plan === undefined)
    return { ...skippedResult(stepProcess), ...logResult(log), exitCode: 1, outcome: 'failure' };
  env = processEnvironment(variables, { ...plan, files });
  const limit = stepProcess.timeoutMinutes ?? 0;
  const timer = limit > 0 ? setTimeout(() => stop.abort(), limit * 60_000) : undefined;
  const done = await runProcess(plan.argv, {
    cwd: folders.workspace,
    env,
    stop: stop.signal,
    onLine: log.read,
    onStart: (pid) => options.onStart?.({ pid, phase: stepProcess.phase, step: stepProcess.index }),
  });
  clearTimeout(timer);
  const stopped = stop.signal.aborted;
  if (plan.kind !== 'action' && done.exitCode !== 0 && !stopped)
    log.report('error', `Process completed with exit code ${done.exitCode}.`);
  const { paths, variables: changed, summary } = readFileCommands(files, log, masker);
  Object.assign(variables.workflow, changed);
  for (const path of paths) variables.paths = [...variables.paths.filter((other) => other !== path), path];
  const outcome = outcomeOf(job, stopped, done.exitCode, log);
  if (outcome === 'failure' && stopped)
    log.report('error', `The action has timed out after ${limit} minutes.`);
  return { ...skippedResult(stepProcess), ...done, ...logResult(log), outcome, summary };
}

/** Plans a process. @returns `undefined` for a hook that cannot be started, after reporting it */
function tryPlan(stepProcess: StepProcess, log: StepLog): ReturnType<StepProcess['plan']> | undefined {
  try {
    return stepProcess.plan(log);
  } catch (error) {
    if (!(error instanceof HookError)) throw error;
    log.report('error', error.message);
    return undefined;
  }
}

function logResult(log: StepLog): Pick<StepResult, 'annotations' | 'masks' | 'outputs' | 'state' | 'log'> {
  const { annotations, masks, outputs, state, lines } = log;
  return { annotations, masks, outputs, state, log: lines.join('\n') };
}

function outcomeOf(job: RunningJob, stopped: boolean, exitCode: number, log: StepLog): StepResult['outcome'] {
  if (stopped) return job.options.cancel?.aborted === true ? 'cancelled' : 'failure';
  return exitCode === 0 && !log.failed ? 'success' : 'failure';
}

function skippedResult({ phase, id }: StepProcess): StepResult {
  const empty = {
    outputs: {},
    state: {},
    annotations: [],
    masks: [],
    summary: '',
    log: '',
    stdout: '',
    stderr: '',
  };
  return {
    ...(id === undefined ? {} : { id }),
    phase,
    exitCode: 0,
    outcome: 'skipped',
    milliseconds: 0,
    ...empty,
  };
}
