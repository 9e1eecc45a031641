import type { Trust } from '@runner-actions/core';
import { isKnownSelfHosted, isSelfHosted, type Pool } from '../request/pool.ts';
import type { SelectionRequest, RequestedJob } from '../request/selection-request.ts';
import { describeRunsOn, isHostedLabel, type RunsOn } from '../request/runs-on.ts';
import { judgePool, type PoolFacts, type Reason, type Verdict } from './verdict.ts';

export const outcomes = ['run', 'skip', 'fail'] as const;

/** Where one job runs. */
export interface Placement {
  job: RequestedJob;
  decision: (typeof outcomes)[number];
  runsOn: RunsOn;
  /** The name of the pool, or `fallback`. */
  pool: string;
  isSelfHosted: boolean;
  verdict: Verdict;
}

/** Where all jobs run, with the facts and verdicts behind it, by pool name. */
export interface Placed {
  placements: readonly Placement[];
  /** Facts of the pools that were checked. */
  facts: ReadonlyMap<string, PoolFacts>;
  verdicts: ReadonlyMap<string, Verdict>;
}

/** The verdict on a hosted pool, which needs no check. */
const staticVerdict: Verdict = {
  capacity: Number.POSITIVE_INFINITY,
  reason: 'hosted',
  source: 'static',
  confidence: 'high',
  why: '',
};

/**
 * Places the jobs in the pools, heavier jobs first. Each job goes to the first of its pools that has room; jobs that
 * stay together go to the first pool with room for all of them. The generator yields a pool when it needs its facts, at
 * most once, and expects the facts from `next()`. Pure: the same request and facts give the same placement.
 */
export function* placeJobs(request: SelectionRequest, trust: Trust): Generator<Pool, Placed, PoolFacts> {
  const [facts, verdicts] = [new Map<string, PoolFacts>(), new Map<string, Verdict>()];
  function* factsOf(pool: Pool): Generator<Pool, PoolFacts, PoolFacts> {
    const poolFacts = facts.get(pool.name) ?? (yield pool);
    facts.set(pool.name, poolFacts);
    return poolFacts;
  }
  function* verdictOf(pool: Pool, job: RequestedJob): Generator<Pool, Verdict, PoolFacts> {
    const gate = gateVerdict(request, trust, pool, job);
    if (gate !== undefined && verdicts.has(pool.name)) return gate;
    const verdict = gate ?? (isSelfHosted(pool) ? judgePool(pool, yield* factsOf(pool)) : staticVerdict);
    verdicts.set(pool.name, verdict);
    return verdict;
  }
  const placements: Placement[] = [];
  const used = new Map<string, number>();
  for (const group of groupsOf(request)) {
    const before = new Map(used);
    for (const job of group) {
      let first: Verdict | undefined;
      let taken: Placement | undefined;
      for (const pool of poolsOf(request, job)) {
        const verdict = yield* verdictOf(pool, job);
        const room = roomIn(verdict, before.get(pool.name) ?? 0, request);
        if (room >= group.length) {
          used.set(pool.name, (used.get(pool.name) ?? 0) + 1);
          taken = take(pool, job, isSelfHosted(pool) ? verdict : (first ?? verdict));
          break;
        }
        first ??= noRoomVerdict(verdict, room);
      }
      placements.push(taken ?? placeOnFallback(request, trust, job, first ?? noPoolVerdict(request)));
    }
  }
  placements.sort((one, other) => one.job.index - other.job.index);
  return { placements, facts, verdicts };
}

/**
 * Returns how many more jobs a pool takes. A pool that takes as many jobs as run at the same time takes all: each waits
 * until one before it has ended.
 */
function roomIn({ capacity }: Verdict, used: number, { maxParallel }: SelectionRequest): number {
  return capacity >= maxParallel ? Number.POSITIVE_INFINITY : capacity - used;
}

function noPoolVerdict({ unknown }: SelectionRequest): Verdict {
  if (unknown !== undefined) return { ...staticVerdict, reason: 'unknown', why: unknown, confidence: 'low' };
  return { ...staticVerdict, reason: 'no-match', why: 'no pool is available for this job' };
}

/**
 * Returns groups of jobs that must share a pool, the heaviest first. With `spread` each job is a group of its own; with
 * `together` all jobs with the same pools and rollout form one group.
 */
function groupsOf({ jobs, placement }: SelectionRequest): RequestedJob[][] {
  const inOrder = [...jobs].sort((one, other) => other.weight - one.weight || one.index - other.index);
  if (placement === 'spread') return inOrder.map((job) => [job]);
  return [...Map.groupBy(inOrder, ({ pools, rollout }) => JSON.stringify([pools, rollout])).values()];
}

/**
 * Returns the pools to try for a job. `force` limits them to one pool, or with `hosted` to the hosted pools of the job.
 */
function poolsOf({ pools, force }: SelectionRequest, job: RequestedJob): Pool[] {
  if (force !== undefined && force !== 'hosted') return pools.filter(({ name }) => name === force);
  const own = job.pools.flatMap((name) => pools.filter((pool) => pool.name === name));
  return force === 'hosted' ? own.filter((pool) => !isSelfHosted(pool)) : own;
}

/** Returns the verdict if it does not depend on the state of the pool: trust, `force`, no configuration, rollout. */
function gateVerdict(
  request: SelectionRequest,
  trust: Trust,
  pool: Pool,
  job: RequestedJob,
): Verdict | undefined {
  const gate = (reason: Reason, why: string, capacity = 0): Verdict => ({
    ...staticVerdict,
    reason,
    why,
    capacity,
  });
  if (!trust.trusted && isKnownSelfHosted(pool.runsOn, request.pools)) return gate('untrusted', trust.why);
  if (request.force !== undefined)
    return gate('forced', `'force' is ${request.force}`, Number.POSITIVE_INFINITY);
  if (isSelfHosted(pool) && request.unknown !== undefined)
    return { ...gate('unknown', request.unknown), confidence: 'low' };
  if (isSelfHosted(pool) && job.rollout.point >= job.rollout.share)
    return gate(
      'rollout',
      `the rollout${job.rollout.name === '' ? '' : ` ${job.rollout.name}`} is at ${Math.round(job.rollout.share * 100)}%, and this run is not in it`,
    );
  return undefined;
}

/** Returns why a pool does not take this job: its own reason, or that other jobs of this run use up its room. */
function noRoomVerdict(verdict: Verdict, room: number): Verdict {
  if (verdict.capacity === 0) return verdict;
  const why = room > 0 ? 'not enough for all jobs together' : 'already used by other jobs of this run';
  return { ...verdict, reason: 'busy', why: `${verdict.why}, ${why}` };
}

function take(pool: Pool, job: RequestedJob, verdict: Verdict): Placement {
  return {
    job,
    decision: 'run',
    runsOn: pool.runsOn,
    pool: pool.name,
    isSelfHosted: isSelfHosted(pool),
    verdict,
  };
}

/** Places a job that no pool takes on the fallback. For an untrusted run a self-hosted fallback means `fail`. */
export function placeOnFallback(
  { fallback, force, pools, unknown }: SelectionRequest,
  trust: Trust,
  job: RequestedJob,
  verdict: Verdict,
): Placement {
  const forced =
    force === undefined || verdict.reason === 'untrusted'
      ? verdict
      : { ...staticVerdict, reason: 'forced' as const, why: `'force' is ${force}` };
  const common = { job, pool: 'fallback', isSelfHosted: false, verdict: forced };
  if (fallback === 'fail' || fallback === 'skip') return { ...common, decision: fallback, runsOn: '' };
  const isOwn = isKnownSelfHosted(fallback, pools);
  // Without the configuration, a label may be that of a self-hosted pool.
  const mayBeOwn = unknown !== undefined && !isHostedLabel(fallback);
  if (mayBeOwn && !isOwn && !trust.trusted) {
    const text = `${trust.why}, and it is unknown whether the fallback is self-hosted: ${unknown}`;
    return {
      ...common,
      decision: 'fail',
      runsOn: '',
      verdict: { ...staticVerdict, reason: 'untrusted', why: text },
    };
  }
  if (isOwn && !trust.trusted) {
    const text = `${trust.why}, and the fallback is self-hosted too`;
    return {
      ...common,
      decision: 'fail',
      runsOn: '',
      verdict: { ...staticVerdict, reason: 'untrusted', why: text },
    };
  }
  if (isOwn && force === 'hosted') {
    const text = "'force' is hosted, and the fallback is self-hosted";
    return {
      ...common,
      decision: 'fail',
      runsOn: '',
      verdict: { ...staticVerdict, reason: 'forced', why: text },
    };
  }
  return { ...common, decision: 'run', runsOn: fallback, isSelfHosted: isOwn };
}

/** Describes a placement in one sentence for users. */
export function sentenceOf({ decision, runsOn, pool, verdict }: Placement): string {
  const because = verdict.why === '' ? '' : `: ${verdict.why}`;
  if (decision === 'fail') return `Fails${because}.`;
  if (decision === 'skip') return `Skips the job${because}.`;
  return `Runs on ${pool === 'fallback' ? 'the fallback ' : ''}${describeRunsOn(runsOn)}${because}.`;
}
