import type { Trust } from '@runner-actions/core';
import { isKnownSelfHosted, isSelfHosted, type Pool } from '../ask/pool.ts';
import type { Question, QuestionJob } from '../ask/question.ts';
import { describe, type RunsOn } from '../ask/runs-on.ts';
import { judge, type PoolFacts, type Reason, type Verdict } from './verdict.ts';

export const outcomes = ['run', 'skip', 'fail'] as const;

/** Where one job goes. */
export interface Placement {
  job: QuestionJob;
  decision: (typeof outcomes)[number];
  runsOn: RunsOn;
  /** The name of the pool, or `fallback`. */
  pool: string;
  isSelfHosted: boolean;
  verdict: Verdict;
}

/** Where all jobs go, with what was found out and thought on the way, by the pool's name. */
export interface Placed {
  placements: readonly Placement[];
  /** Of the pools that were looked at. */
  facts: ReadonlyMap<string, PoolFacts>;
  verdicts: ReadonlyMap<string, Verdict>;
}

const untold: Verdict = {
  capacity: Number.POSITIVE_INFINITY,
  reason: 'hosted',
  source: 'static',
  confidence: 'high',
  why: '',
};

/**
 * Places the jobs over the pools, heavier ones first, each at the first of its pools that has room; jobs that stay
 * together at the first one that has room for all of them. It asks for a pool, once, when it needs it, and is told its
 * facts. Pure: the same question and facts give the same placement.
 */
export function* place(question: Question, trust: Trust): Generator<Pool, Placed, PoolFacts> {
  const [facts, verdicts] = [new Map<string, PoolFacts>(), new Map<string, Verdict>()];
  function* factsOf(pool: Pool): Generator<Pool, PoolFacts, PoolFacts> {
    const told = facts.get(pool.name) ?? (yield pool);
    facts.set(pool.name, told);
    return told;
  }
  function* verdictOf(pool: Pool, job: QuestionJob): Generator<Pool, Verdict, PoolFacts> {
    const gate = gateOf(question, trust, pool, job);
    if (gate !== undefined && verdicts.has(pool.name)) return gate;
    const verdict = gate ?? (isSelfHosted(pool) ? judge(pool, yield* factsOf(pool)) : untold);
    verdicts.set(pool.name, verdict);
    return verdict;
  }
  const placements: Placement[] = [];
  const used = new Map<string, number>();
  for (const group of groupsOf(question)) {
    const before = new Map(used);
    for (const job of group) {
      let first: Verdict | undefined;
      let taken: Placement | undefined;
      for (const pool of poolsOf(question, job)) {
        const verdict = yield* verdictOf(pool, job);
        const room = verdict.capacity - (before.get(pool.name) ?? 0);
        if (room >= group.length) {
          used.set(pool.name, (used.get(pool.name) ?? 0) + 1);
          taken = take(pool, job, isSelfHosted(pool) ? verdict : (first ?? verdict));
          break;
        }
        first ??= full(verdict, room);
      }
      placements.push(taken ?? fallBack(question, trust, job, first ?? noPool(question)));
    }
  }
  placements.sort((one, other) => one.job.index - other.job.index);
  return { placements, facts, verdicts };
}

function noPool({ unknown }: Question): Verdict {
  if (unknown !== undefined) return { ...untold, reason: 'unknown', why: unknown, confidence: 'low' };
  return { ...untold, reason: 'no-match', why: 'no pool is there for it' };
}

/** Jobs that go to the same pool or to none, the heaviest first: one by one, or together all that have the same choice. */
function groupsOf({ jobs, placement }: Question): QuestionJob[][] {
  const inOrder = [...jobs].sort((one, other) => other.weight - one.weight || one.index - other.index);
  if (placement === 'spread') return inOrder.map((job) => [job]);
  return [...Map.groupBy(inOrder, ({ pools, rollout }) => JSON.stringify([pools, rollout])).values()];
}

/** `force` leaves one pool to choose from; forced to hosted, only the hosted ones of the job. */
function poolsOf({ pools, force }: Question, job: QuestionJob): Pool[] {
  if (force !== undefined && force !== 'hosted') return pools.filter(({ name }) => name === force);
  const own = job.pools.flatMap((name) => pools.filter((pool) => pool.name === name));
  return force === 'hosted' ? own.filter((pool) => !isSelfHosted(pool)) : own;
}

/** What decides without a look at the pool. */
function gateOf(question: Question, trust: Trust, pool: Pool, job: QuestionJob): Verdict | undefined {
  const gate = (reason: Reason, why: string, capacity = 0): Verdict => ({ ...untold, reason, why, capacity });
  if (!trust.trusted && isKnownSelfHosted(pool.runsOn, question.pools)) return gate('untrusted', trust.why);
  if (question.force !== undefined)
    return gate('forced', `'force' is ${question.force}`, Number.POSITIVE_INFINITY);
  if (isSelfHosted(pool) && question.unknown !== undefined)
    return { ...gate('unknown', question.unknown), confidence: 'low' };
  if (isSelfHosted(pool) && job.rollout.point >= job.rollout.share)
    return gate(
      'rollout',
      `the rollout${job.rollout.name === '' ? '' : ` ${job.rollout.name}`} is at ${Math.round(job.rollout.share * 100)}%, and this run is not in it`,
    );
  return undefined;
}

/** Why a pool does not take this job: its own reason, or that other jobs of this very run have its room. */
function full(verdict: Verdict, room: number): Verdict {
  if (verdict.capacity === 0) return verdict;
  const why = room > 0 ? 'not enough for all jobs together' : 'taken by other jobs of this run';
  return { ...verdict, reason: 'busy', why: `${verdict.why}, ${why}` };
}

function take(pool: Pool, job: QuestionJob, verdict: Verdict): Placement {
  return {
    job,
    decision: 'run',
    runsOn: pool.runsOn,
    pool: pool.name,
    isSelfHosted: isSelfHosted(pool),
    verdict,
  };
}

/** Where a job goes that no pool takes. A stranger reaches no self-hosted fallback: that fails. */
export function fallBack(
  { fallback, force, pools }: Question,
  trust: Trust,
  job: QuestionJob,
  verdict: Verdict,
): Placement {
  const forced =
    force === undefined || verdict.reason === 'untrusted'
      ? verdict
      : { ...untold, reason: 'forced' as const, why: `'force' is ${force}` };
  const common = { job, pool: 'fallback', isSelfHosted: false, verdict: forced };
  if (fallback === 'fail' || fallback === 'skip') return { ...common, decision: fallback, runsOn: '' };
  const isOwn = isKnownSelfHosted(fallback, pools);
  if (isOwn && !trust.trusted) {
    const text = `${trust.why}, and the fallback is self-hosted too`;
    return {
      ...common,
      decision: 'fail',
      runsOn: '',
      verdict: { ...untold, reason: 'untrusted', why: text },
    };
  }
  if (isOwn && force === 'hosted') {
    const text = "'force' is hosted, and the fallback is self-hosted";
    return { ...common, decision: 'fail', runsOn: '', verdict: { ...untold, reason: 'forced', why: text } };
  }
  return { ...common, decision: 'run', runsOn: fallback, isSelfHosted: isOwn };
}

/** One placement as a sentence for people. */
export function sentenceOf({ decision, runsOn, pool, verdict }: Placement): string {
  const because = verdict.why === '' ? '' : `: ${verdict.why}`;
  if (decision === 'fail') return `Fails${because}.`;
  if (decision === 'skip') return `Skips the job${because}.`;
  return `Runs on ${pool === 'fallback' ? 'the fallback ' : ''}${describe(runsOn)}${because}.`;
}
