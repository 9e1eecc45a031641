import { type Inputs, parseShare, quote, UserError } from '@runner-actions/core';
import type { PoolOverrides } from './ask/pool.ts';
import { type AskedJob, readJobs } from './ask/jobs.ts';
import { type RunsOn, readRunsOn } from './ask/runs-on.ts';
import { busyWords } from './ask/when-busy.ts';

const trustedAssociations = ['OWNER', 'MEMBER', 'COLLABORATOR'] as const;
const longestWait = 60 * 60_000;

/** What one look at all pools may cost. */
export interface Budget {
  token: string | undefined;
  runnerToken: string | undefined;
  /** Calls for the breaker. */
  historyCalls: number;
  /** Milliseconds. */
  deadline: number;
}

/** What the user asked for; `undefined` leaves it to the configuration, else to the default. */
export interface SelectInputs extends Budget {
  /** Empty: the configuration's pools. */
  labels: readonly string[];
  fallback: RunsOn | 'fail' | 'skip' | undefined;
  class: string | undefined;
  jobs: readonly AskedJob[];
  overrides: PoolOverrides;
  placement: 'spread' | 'together';
  /** What happens where the decision itself breaks. */
  onError: 'fallback' | 'fail';
  /** A pool's name, or `hosted`. */
  force: string | undefined;
  /** Author associations in capitals, and `dependabot`; empty: the same repository only. */
  trust: readonly string[] | undefined;
  /** A share, or the name of one in the configuration. */
  rollout: string | undefined;
  dryRun: boolean;
  /** With `labels` there is a way without a configuration: it is read only where it is named. */
  needsTeam: boolean;
}

export async function readInputs(inputs: Inputs): Promise<Readonly<SelectInputs>> {
  const jobs = inputs.text('jobs') ?? '1';
  const labels = readLabels(inputs);
  const isTeamNamed = inputs.text('config') !== undefined || inputs.text('environment') !== undefined;
  return Object.freeze({
    labels,
    needsTeam: labels.length === 0 || isTeamNamed,
    fallback: readFallback(inputs.text('fallback'), await structuredFallback(inputs)),
    class: inputs.text('class'),
    jobs: readJobs('jobs', jobs, /^\d+$/.test(jobs) ? undefined : await inputs.structured('jobs')),
    token: inputs.secret('token'),
    runnerToken: inputs.secret('runner-token'),
    overrides: readOverrides(inputs),
    placement: inputs.choice('placement', ['spread', 'together']) ?? 'spread',
    onError: readOnError(inputs),
    force: readForce(inputs.text('force')),
    trust: readTrust(inputs),
    rollout: readRollout(inputs.text('rollout')),
    historyCalls: inputs.integer('history-calls', { min: 0, max: 1000 }) ?? 20,
    deadline: inputs.duration('deadline') ?? 20_000,
    dryRun: inputs.boolean('dry-run') ?? false,
  });
}

/** Read apart, since the safe answer wants it where other inputs may be what is wrong. */
export function readOnError(inputs: Inputs): SelectInputs['onError'] {
  return inputs.choice('on-error', ['fallback', 'fail']) ?? 'fallback';
}

function readOverrides(inputs: Inputs): PoolOverrides {
  const whenBusy = inputs.choice('when-busy', busyWords);
  const minFree = inputs.integer('min-free', { min: 1, max: 10_000 });
  const wait = inputs.duration('wait');
  if (whenBusy === 'queue' && minFree !== undefined) {
    throw new UserError(
      "Input 'min-free' has no meaning with 'when-busy: queue'. Remove it, or use 'when-busy: fallback'.",
    );
  }
  if (whenBusy === 'wait' && wait === undefined)
    throw new UserError(
      "Input 'wait' is required with 'when-busy: wait'. Say for how long, for example '2m'.",
    );
  if (whenBusy !== 'wait' && wait !== undefined)
    throw new UserError("Input 'wait' has a meaning only with 'when-busy: wait'. Remove it, or set that.");
  if (wait !== undefined && wait > longestWait)
    throw new UserError(`Input 'wait' is '${inputs.text('wait') ?? ''}': expected at most 1h.`);
  return { whenBusy, minFree, wait, onUnknown: inputs.choice('on-unknown', ['fallback', 'use']) };
}

/** Labels match without regard to case, so the same one twice is one. */
function readLabels(inputs: Inputs): string[] {
  const text = inputs.text('labels');
  if (text !== undefined && isStructured(text))
    throw new UserError(
      `Input 'labels' is ${quote(text)}: expected labels. A runner group goes into a pool of the configuration: runs-on: {group: …, labels: […]}.`,
    );
  const labels = inputs.list('labels');
  if (labels.length === 0 && text !== undefined) {
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

/** Whether it is `{group, labels}`, in one line or several. */
function isStructured(text: string): boolean {
  return /^\s*(\{|group\s*:|labels\s*:)/.test(text);
}

function readFallback(text: string | undefined, structured: unknown): SelectInputs['fallback'] {
  if (text === undefined || text === 'fail' || text === 'skip') return text;
  return readRunsOn('fallback', text, structured);
}

/** A switch for an outage is thrown in a hurry: whatever reads as "yes" means hosted, whatever reads as "no" nothing. */
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
      `Input 'rollout' is ${quote(text)}: expected a share such as 25%, or the name of one in the configuration.`,
    );
  }
}

function readTrust(inputs: Inputs): string[] | undefined {
  const given = inputs.list('trust');
  return given.length === 0 ? undefined : given.flatMap((entry) => readAssociation(entry));
}

function readAssociation(entry: string): string[] {
  const valid: readonly string[] = [...trustedAssociations, 'CONTRIBUTOR', 'dependabot'];
  if (entry === 'same-repository') return [];
  const found = valid.find((name) => name.toLowerCase() === entry.toLowerCase());
  if (found !== undefined) return [found];
  throw new UserError(`Input 'trust' is '${entry}': expected same-repository, ${valid.join(', ')}.`);
}
