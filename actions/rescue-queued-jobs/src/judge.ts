import { assessTrust, pullRequestEvents } from '@runner-actions/core';
import { hasLabels, type Run, type RunJob } from '@runner-actions/github';
import { lifeOf, type Observation } from '@runner-actions/history';

/** Why a run was rescued or left. Documented in the README; words are added, none is renamed. */
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
  | 'unknown'
  | 'limit';

export interface Judgement {
  reason: Reason;
  /** For people, without a full stop. */
  why: string;
}

export interface Rules {
  /** `owner/name` of this repository. */
  repository: string;
  pools: readonly (readonly string[])[];
  /** Milliseconds. */
  after: number;
}

const judged = (reason: Reason, why: string): Judgement => ({ reason, why });

/** What the run itself says. `undefined`: its jobs must be looked at. */
export function judgeRun(run: Run, rules: Rules): Judgement | undefined {
  // A re-run is somebody's choice, or was ours: doing it again could go on for ever.
  if (run.attempt > 1) return judged('second-attempt', 'it was run again already');
  const { trusted, why } = trustOf(run, rules);
  return trusted ? undefined : judged('untrusted', why);
}

/**
 * The payload of the run's event is gone; what the run keeps of it is where its code is from. Of a run that another one
 * caused that is not enough, nor of a deployment, whose ref is gone too: these are left.
 */
function trustOf({ event, headRepository, actor }: Run, { repository }: Rules) {
  const pull = { pull_request: { head: { repo: { full_name: headRepository } } } };
  const payload = pullRequestEvents.includes(event) ? pull : {};
  return assessTrust({ eventName: event, payload, repository, actor: actor ?? '', allowed: [] });
}

/** What its jobs say. A list: the jobs whose pools must be looked at. */
export function judgeJobs(jobs: readonly RunJob[], rules: Rules, now: number): Judgement | RunJob[] {
  const unfinished = jobs.filter(({ status }) => status !== 'completed');
  if (unfinished.length === 0) return judged('no-queued-job', 'no job of it is queued');
  if (unfinished.some(({ status, runnerId }) => status === 'in_progress' || runnerId !== undefined))
    return judged('at-work', 'a job of it is under way');
  if (unfinished.some(({ status }) => status !== 'queued'))
    return judged('held', 'a job of it waits for an approval or for its turn');
  const other = unfinished.find((job) => !isLookedAfter(job, rules));
  if (other !== undefined)
    return judged('other-pool', `'${other.name}' waits for ${other.labels.join(', ')}`);
  const youngest = now - Math.max(...unfinished.map(({ createdAt }) => createdAt));
  if (youngest < rules.after)
    return judged('too-young', `a job of it has waited for ${seconds(youngest)} only`);
  return unfinished;
}

function isLookedAfter({ labels }: RunJob, { pools }: Rules): boolean {
  if (pools.length === 0) return hasLabels({ labels }, ['self-hosted']);
  return pools.some((pool) => hasLabels({ labels: pool }, labels) && hasLabels({ labels }, pool));
}

/** All of its pools must be dead: a run that one live pool will go on with is left. */
export function judgePools(pools: readonly Observation[]): Judgement {
  const alive = pools.find((pool) => lifeOf(pool) === 'alive');
  if (alive !== undefined) return judged('pool-alive', alive.detail);
  const unknown = pools.find((pool) => lifeOf(pool) === 'unknown');
  if (unknown !== undefined) return judged('unknown', unknown.detail);
  return judged('stuck', [...new Set(pools.map(({ detail }) => detail))].join('; '));
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)} s`;
}
