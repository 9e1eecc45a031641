import { assessTrust, pullRequestEvents } from '@runner-actions/core';
import { hasLabels, type Run, type RunJob } from '@runner-actions/github';

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
  now: number;
}

/** What a look at its pool says about a job that waits. */
export type PoolState = { state: 'alive' | 'dead' | 'unknown'; why: string };

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
export function judgeJobs(jobs: readonly RunJob[], rules: Rules): Judgement | RunJob[] {
  const unfinished = jobs.filter(({ status }) => status !== 'completed');
  if (unfinished.length === 0) return judged('no-queued-job', 'no job of it is queued');
  if (unfinished.some(({ status, runnerId }) => status === 'in_progress' || runnerId !== undefined))
    return judged('at-work', 'a job of it is under way');
  if (unfinished.some(({ status }) => status !== 'queued'))
    return judged('held', 'a job of it waits for an approval or for its turn');
  const other = unfinished.find((job) => !isLookedAfter(job, rules));
  if (other !== undefined)
    return judged('other-pool', `'${other.name}' waits for ${other.labels.join(', ')}`);
  const youngest = rules.now - Math.max(...unfinished.map(({ createdAt }) => createdAt));
  if (youngest < rules.after)
    return judged('too-young', `a job of it has waited for ${seconds(youngest)} only`);
  return unfinished;
}

function isLookedAfter({ labels }: RunJob, { pools }: Rules): boolean {
  if (pools.length === 0) return hasLabels({ labels }, ['self-hosted']);
  return pools.some((pool) => hasLabels({ labels: pool }, labels) && hasLabels({ labels }, pool));
}

/** All of its pools must be dead: a run that one live pool will go on with is left. */
export function judgePools(states: readonly PoolState[]): Judgement {
  const alive = states.find(({ state }) => state === 'alive');
  if (alive !== undefined) return judged('pool-alive', alive.why);
  const unknown = states.find(({ state }) => state === 'unknown');
  if (unknown !== undefined) return judged('unknown', unknown.why);
  return judged('stuck', [...new Set(states.map(({ why }) => why))].join('; '));
}

/**
 * Whether the pool of a queued job is dead, by other jobs: one that runs there, or was taken since the job was queued,
 * says that it is alive, if busy. A job that asked for more labels counts too: whoever took it has all of these.
 */
export function poolByJobs(queued: RunJob, jobs: readonly RunJob[]): PoolState {
  const taken = jobs.filter((job) => job.runnerId !== undefined && hasLabels(job, queued.labels));
  if (taken.some(({ status }) => status === 'in_progress'))
    return { state: 'alive', why: 'a job runs there' };
  if (taken.some(({ startedAt }) => (startedAt ?? 0) >= queued.createdAt))
    return { state: 'alive', why: 'it took a job since' };
  return { state: 'dead', why: `nobody took a job for ${queued.labels.join(', ')} since` };
}

/** Whether it is dead, by the list of runners. */
export function poolByRunners(
  queued: RunJob,
  runners: readonly { labels: readonly string[]; online: boolean }[],
): PoolState {
  const online = runners.filter((runner) => runner.online && hasLabels(runner, queued.labels)).length;
  if (online > 0) return { state: 'alive', why: `${online} of its runners are online` };
  return { state: 'dead', why: `no runner with ${queued.labels.join(', ')} is online` };
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)} s`;
}
