import type { Deadline, Job, Step } from '@runner-actions/core';
import { connect, type GitHub, emptySharedState } from '@runner-actions/github';
import { openHistory, openObserver, openRunnerLists, type PastJob } from '@runner-actions/history';
import type { Pool } from '../request/pool.ts';
import type { SelectionRequest } from '../request/selection-request.ts';
import type { PoolFacts } from '../decide/verdict.ts';
import type { Budget } from '../inputs.ts';
import { readBreaker } from './breaker-io.ts';
import { openEarlierAttemptCheck } from './earlier-attempt-io.ts';
import { openCompetingRuns } from './competing-runs-io.ts';

/** Reads the facts about pools for one decision. Facts about the past are read only once. */
interface PoolFactsReader {
  /** Starts a new round with its own deadline and API budget. It reads again which runners are online and free. */
  startRound(): ReadFacts;
  /** Jobs of this repository that were read so far. */
  jobs(): readonly PastJob[];
  /** Requests sent so far. */
  calls(): number;
}

/** Reads the facts about one pool. */
export type ReadFacts = (pool: Pool) => Promise<PoolFacts>;

/** API calls with `runner-token`: 100 pages of runners in each of three lists, the groups, and some retries. */
const runnerCalls = 320;
/** API calls with `token`: heartbeats, the list of runs, and jobs. */
const tokenCalls = 6;
/** The part of `tokenCalls` that heartbeats may use. */
const maxHeartbeatCalls = 4;
/** API calls for the previous attempt, competing runs, and the jobs of unfinished runs, with room for retries. */
const otherCalls = 10;

export function openPoolFacts(
  { job, deadline }: Step,
  request: SelectionRequest,
  budget: Budget,
): PoolFactsReader {
  const { token, runnerToken, historyCalls } = budget;
  const clients = openClients(job);
  const lostRunnerEarlier = openEarlierAttemptCheck(job);
  const past = new Map<string, Pick<PoolFacts, 'breaker' | 'lostRunner'>>();
  const jobs = new Map<number, PastJob>();
  const wanted = Math.min(request.jobs.length, request.maxParallel);
  const heartbeatCalls = Math.min(
    maxHeartbeatCalls,
    request.pools.filter(({ heartbeat }) => heartbeat).length,
  );
  return {
    calls: clients.calls,
    jobs: () => [...jobs.values()],
    startRound() {
      const limited = deadline.limit(budget.deadline);
      const client = clients.renew(limited);
      const admin = client(runnerToken, runnerCalls);
      const history = openHistory(job.repository, job.runId);
      const otherClient = client(token, otherCalls);
      const observe = openObserver({
        ...{
          job,
          deadline: limited,
          lists: admin && openRunnerLists(admin, job, budget.workflowFiles),
          history,
        },
        checks: otherClient,
        ...{ reader: client(token, tokenCalls - heartbeatCalls), beats: client(token, heartbeatCalls) },
      });
      const breakerClient = client(token, historyCalls);
      const addCompetingJobs = openCompetingRuns({ github: otherClient, job, wanted, observe, history });
      return async (pool) => {
        const observation = await observe(pool, pool.whenBusy.freeNeeded(wanted));
        const pastFacts = past.get(pool.name) ?? {
          breaker: await readBreaker(pool, { rules: request.breaker, history, github: breakerClient, job }),
          lostRunner: await lostRunnerEarlier(pool, otherClient),
        };
        past.set(pool.name, pastFacts);
        const facts = { ...(await addCompetingJobs(pool, observation)), ...pastFacts };
        for (const one of history.jobs()) jobs.set(one.id, one);
        return facts;
      };
    },
  };
}

/** Creates clients that share GitHub's cached answers and one count of calls. */
function openClients({ apiUrl }: Job) {
  const known = emptySharedState();
  let [spent, clients] = [0, [] as GitHub[]];
  const calls = (): number => clients.reduce((sum, one) => sum + one.callsUsed(), spent);
  return {
    calls,
    /** Replaces all clients with new ones. */
    renew(deadline: Deadline) {
      [spent, clients] = [calls(), []];
      return (token: string | undefined, most: number): GitHub | undefined => {
        if (token === undefined) return undefined;
        const client = connect({ token, apiUrl, deadline, calls: most, known });
        clients.push(client);
        return client;
      };
    },
  };
}
