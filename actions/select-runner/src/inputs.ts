import {
  type Inputs,
  InvalidValue,
  parseShare,
  parseTrustEntry,
  quote,
  trustWords,
  UserError,
} from '@runner-actions/core';
import type { PoolOverrides } from './request/pool.ts';
import { type JobSpec, readJobs } from './request/jobs.ts';
import { type RunsOn, readLabels, readRunsOn } from './request/runs-on.ts';
import { whenBusyValues } from './request/when-busy.ts';

const maxWait = 60 * 60_000;

/** Limits for one check of all pools. */
export interface Budget {
  token: string | undefined;
  runnerToken: string | undefined;
  /** The workflow files that the jobs are written in, as `owner/repo/path@ref`. Empty: unknown. */
  workflowFiles: readonly string[];
  /** API calls that the breaker may use. */
  historyCalls: number;
  /** Milliseconds. */
  deadline: number;
}

/** The parsed inputs. `undefined`: the configuration or the default decides. */
export interface SelectInputs extends Budget {
  /** Empty: use the pools of the configuration. */
  labels: readonly string[];
  fallback: RunsOn | 'fail' | 'skip' | undefined;
  class: string | undefined;
  jobs: readonly JobSpec[];
  overrides: PoolOverrides;
  placement: 'spread' | 'together';
  /** How many of the jobs run at the same time. */
  maxParallel: number;
  /** What to do if the decision itself fails. */
  onError: 'fallback' | 'fail';
  /** A pool's name, or `hosted`. */
  force: string | undefined;
  /** As `parseTrustEntry` returns it. Empty: only the repository itself is trusted. */
  trust: readonly string[] | undefined;
  /** A share, or the name of a share in the configuration. */
  rollout: string | undefined;
  /** Whether to warn when a job fell back although self-hosted runners were wanted. */
  warnOnFallback: boolean;
  dryRun: boolean;
  /** Whether to read the configuration. With `labels` it is read only if `config` or `environment` is given. */
  needsConfig: boolean;
}

export async function readInputs(inputs: Inputs): Promise<Readonly<SelectInputs>> {
  const jobs = inputs.text('jobs') ?? '1';
  const labels = labelsOf(inputs.text('labels'));
  const isConfigNamed = inputs.text('config') !== undefined || inputs.text('environment') !== undefined;
  return Object.freeze({
    labels,
    needsConfig: labels.length === 0 || isConfigNamed,
    fallback: readFallback(inputs.text('fallback'), await structuredFallback(inputs)),
    class: inputs.text('class'),
    jobs: readJobs('jobs', jobs, /^\d+$/.test(jobs) ? undefined : await inputs.structured('jobs')),
    token: inputs.secret('token'),
    runnerToken: inputs.secret('runner-token'),
    workflowFiles: readWorkflowFiles(inputs),
    overrides: readOverrides(inputs),
    placement: inputs.choice('placement', ['spread', 'together']) ?? 'spread',
    maxParallel: inputs.integer('max-parallel', { min: 1, max: 10_000 }) ?? Number.POSITIVE_INFINITY,
    onError: readOnError(inputs),
    force: readForce(inputs.text('force')),
    trust: readTrust(inputs),
    rollout: readRollout(inputs.text('rollout')),
    historyCalls: inputs.integer('history-calls', { min: 0, max: 1000 }) ?? 20,
    deadline: inputs.duration('deadline') ?? 20_000,
    warnOnFallback: inputs.boolean('warn-on-fallback') ?? false,
    dryRun: inputs.boolean('dry-run') ?? false,
  });
}

/** Reads `on-error` on its own: the safe answer needs it even if another input cannot be read. */
export function readOnError(inputs: Inputs): SelectInputs['onError'] {
  return inputs.choice('on-error', ['fallback', 'fail']) ?? 'fallback';
}

/** Reads the workflow files of the jobs: they are all unknown if GitHub does not name the file of this job. */
function readWorkflowFiles(inputs: Inputs): string[] {
  const own = inputs.text('job-workflow');
  return own === undefined ? [] : [own, ...inputs.list('workflow-files')];
}

function readOverrides(inputs: Inputs): PoolOverrides {
  const whenBusy = inputs.choice('when-busy', whenBusyValues);
  const minFree = inputs.integer('min-free', { min: 1, max: 10_000 });
  const wait = inputs.duration('wait');
  if (whenBusy === 'queue' && minFree !== undefined) {
    throw new UserError(
      "Input 'min-free' cannot be used with 'when-busy: queue'. Remove it, or set 'when-busy: fallback'.",
    );
  }
  if (whenBusy === 'wait' && wait === undefined)
    throw new UserError(
      "Input 'wait' is required with 'when-busy: wait'. Set how long to wait, for example '2m'.",
    );
  if (whenBusy !== 'wait' && wait !== undefined)
    throw new UserError(
      "Input 'wait' is used only with 'when-busy: wait'. Remove it, or set 'when-busy: wait'.",
    );
  if (wait !== undefined && wait > maxWait)
    throw new UserError(`Input 'wait' is '${inputs.text('wait') ?? ''}': expected at most 1h.`);
  return { whenBusy, minFree, wait, onUnknown: inputs.choice('on-unknown', ['fallback', 'use']) };
}

/** Reads the labels. They are case-insensitive, so duplicates that differ only in case are removed. */
function labelsOf(text: string | undefined): string[] {
  if (text === undefined) return [];
  if (isStructured(text))
    throw new UserError(
      `Input 'labels' is ${quote(text)}: expected labels. Set a runner group in a pool of the configuration: runs-on: {group: …, labels: […]}.`,
    );
  const labels = readLabels('labels', text);
  if (labels.length === 0) {
    throw new UserError(
      "Input 'labels' is empty. Name the labels of your runners, for example 'self-hosted, linux, x64'.",
    );
  }
  return [...new Map(labels.map((label) => [label.toLowerCase(), label])).values()];
}

async function structuredFallback(inputs: Inputs): Promise<unknown> {
  const text = inputs.text('fallback') ?? '';
  return isStructured(text) ? inputs.structured('fallback') : undefined;
}

/** Whether the text is `{group, labels}`, on one line or several. */
function isStructured(text: string): boolean {
  return /^\s*(\{|group\s*:|labels\s*:)/.test(text);
}

/** @param structured the parsed `{group, labels}`; `undefined` for labels, `fail` and `skip` */
export function readFallback(text: string | undefined, structured: unknown): SelectInputs['fallback'] {
  if (text === undefined || text === 'fail' || text === 'skip') return text;
  return readRunsOn('fallback', text, structured);
}

/** Parses `force`. In an outage users type it in a hurry, so any "yes" means `hosted`, and any "no" means not set. */
function readForce(text: string | undefined): string | undefined {
  if (text === undefined || /^(false|0|no|off)$/i.test(text)) return undefined;
  return /^(true|1|yes|on|hosted)$/i.test(text) ? 'hosted' : text;
}

function readRollout(text: string | undefined): string | undefined {
  if (text === undefined || /^[A-Za-z_][\w.-]*$/.test(text)) return text;
  try {
    parseShare(text);
    return text;
  } catch {
    throw new UserError(
      `Input 'rollout' is ${quote(text)}: expected a share such as 25%, or the name of a rollout in the configuration.`,
    );
  }
}

function readTrust(inputs: Inputs): string[] | undefined {
  const given = inputs.list('trust');
  return given.length === 0
    ? undefined
    : given.map(readTrustEntry).filter((entry) => entry !== 'same-repository');
}

function readTrustEntry(text: string): string {
  try {
    return parseTrustEntry(trustWords.find((word) => word.toLowerCase() === text.toLowerCase()) ?? text);
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    throw new UserError(`Input 'trust' is ${quote(text)}: expected ${error.valid}.`);
  }
}
