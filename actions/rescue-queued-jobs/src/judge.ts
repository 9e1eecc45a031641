import { assessTrust, pullRequestEvents, quote } from '@runner-actions/core';
import { hasLabels, type Run, type RunJob } from '@runner-actions/github';
import { type DeclaredPool, poolLife, type Observation, requestsSameLabels } from '@runner-actions/history';
import { maxAttempt } from './attempts.ts';

/** Why a run is rescued or not. The README documents the codes: new ones may be added, but never rename one. */
export type Reason =
  | 'stuck'
  | 'second-attempt'
  | 'untrusted'
  | 'no-queued-job'
  | 'at-work'
  | 'held'
  | 'other-pool'
  | 'too-young'
  | 'pool-alive'
  | 'superseded'
  | 'unknown'
  | 'limit';

export interface Judgement {
  reason: Reason;
  /** Text for users, without a full stop. */
  why: string;
}

export interface Rules {
  /** `owner/name` of this repository. */
  repository: string;
  pools: readonly (readonly string[])[];
  /** The pools of the configuration. */
  declared: readonly DeclaredPool[];
  /** Why it is unknown which pools the configuration declares. Then no pool counts as dead. */
  undeclared: string | undefined;
  /** Milliseconds. */
  after: number;
  /** Workflow files whose runs are rescued even if a newer run of the same branch succeeded. */
  rerunSuperseded: readonly string[];
}

const judged = (reason: Reason, why: string): Judgement => ({ reason, why });

/** Judges a run without its jobs. Returns `undefined` if its jobs must be read. */
export function judgeRun(run: Run, rules: Rules): Judgement | undefined {
  if (run.attempt > maxAttempt)
    return judged('second-attempt', `it was already re-run ${run.attempt - 1} times`);
  const { trusted, why } = trustOf(run, rules);
  return trusted ? undefined : judged('untrusted', why);
}

/**
 * Determines the trust of a run. Its event payload is no longer available, only the repository of its code. This is not
 * enough for a run that another run triggered, or for a deployment, whose ref is missing too: they are not trusted.
 */
function trustOf({ event, headRepository, actor }: Run, { repository }: Rules) {
  const pull = { pull_request: { head: { repo: { full_name: headRepository } } } };
  const payload = pullRequestEvents.includes(event) ? pull : {};
  return assessTrust({ eventName: event, payload, repository, actor: actor ?? '', allowed: [] });
}

/** Judges a run by its jobs. Returns a list of jobs if the state of their pools decides. */
export function judgeJobs(jobs: readonly RunJob[], rules: Rules, now: number): Judgement | RunJob[] {
  const unfinished = jobs.filter(({ status }) => status !== 'completed');
  if (unfinished.length === 0) return judged('no-queued-job', 'none of its jobs is queued');
  if (unfinished.some(({ status, runnerId }) => status === 'in_progress' || runnerId !== undefined))
    return judged('at-work', 'one of its jobs is in progress');
  if (unfinished.some(({ status }) => status !== 'queued'))
    return judged('held', 'one of its jobs waits for an approval or for a concurrency group');
  const other = unfinished.find((job) => !isOfSelectedPool(job, rules));
  if (other !== undefined)
    return judged('other-pool', `${quote(other.name)} waits for ${quote(other.labels.join(', '))}`);
  const youngest = now - Math.max(...unfinished.map(({ createdAt }) => createdAt));
  if (youngest < rules.after)
    return judged('too-young', `one of its jobs has waited for only ${seconds(youngest)}`);
  return unfinished;
}

/**
 * Whether a job requests a pool that the input `labels` names. Without that input, self-hosted pools of the configuration
 * count, and all jobs that request `self-hosted`.
 */
function isOfSelectedPool(job: RunJob, { pools, declared }: Rules): boolean {
  const requests = (labels: readonly string[]): boolean =>
    requestsSameLabels(job, { labels, group: undefined });
  if (pools.length > 0) return pools.some(requests);
  if (hasLabels(job, ['self-hosted'])) return true;
  // A job that names only a group shows no labels.
  const own = job.labels.length === 0 ? [] : declared.filter(({ labels }) => requests(labels));
  return own.length > 0 && own.every(({ kind }) => kind !== 'hosted');
}

/** Judges a run by its pools. It is stuck only if all of them are dead: one live pool can continue the run. */
export function judgePools(
  pools: readonly Observation[],
  { undeclared }: Pick<Rules, 'undeclared'>,
): Judgement {
  const alive = pools.find((pool) => poolLife(pool) === 'alive');
  if (alive !== undefined) return judged('pool-alive', alive.detail);
  const unknown = pools.find((pool) => poolLife(pool) === 'unknown');
  if (unknown !== undefined) return judged('unknown', unknown.detail);
  if (undeclared !== undefined)
    return judged(
      'unknown',
      `the configuration could not be read, so the pool may start runners on demand (${undeclared})`,
    );
  return judged('stuck', [...new Set(pools.map(({ detail }) => detail))].join('; '));
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)} s`;
}
