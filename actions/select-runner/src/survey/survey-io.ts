import type { Deadline, Job, Step } from '@runner-actions/core';
import { connect, type GitHub, nothingKnown } from '@runner-actions/github';
import { openHistory, openObserver, openRunnerLists, type PastJob } from '@runner-actions/history';
import type { Pool } from '../ask/pool.ts';
import type { Question } from '../ask/question.ts';
import type { PoolFacts } from '../decide/verdict.ts';
import type { Budget } from '../inputs.ts';
import { readBreaker } from './breaker-io.ts';
import { openEarlierAttempt } from './earlier-io.ts';
import { openRivals } from './rivals-io.ts';

/** All that one decision finds out about pools. What has passed is found out once, however often one looks. */
interface Survey {
  /** A new look, within a deadline and calls of its own: who is alive and free is found out anew. */
  look(): Look;
  /** Jobs of this repository that were read on the way. */
  jobs(): readonly PastJob[];
  /** Requests sent so far. */
  calls(): number;
}

/** Finds out about one pool after the other. */
export type Look = (pool: Pool) => Promise<PoolFacts>;

/** 100 pages of runners in each of three lists, the groups, and some retries. */
const runnerCalls = 320;
/** With `token` alone: heartbeats, the list of runs, and jobs; of these, what heartbeats may take at most. */
const tokenCalls = 6;
const mostBeats = 4;
/** The attempt before this one, and one list of runs, with room for retries. */
const asideCalls = 10;

export function openSurvey({ job, deadline }: Step, question: Question, budget: Budget): Survey {
  const { token, runnerToken, historyCalls } = budget;
  const clients = openClients(job);
  const lostEarlier = openEarlierAttempt(job);
  const past = new Map<string, Pick<PoolFacts, 'breaker' | 'lostRunner'>>();
  const jobs = new Map<number, PastJob>();
  const wanted = question.jobs.length;
  const beatCalls = Math.min(mostBeats, question.pools.filter(({ heartbeat }) => heartbeat).length);
  return {
    calls: clients.calls,
    jobs: () => [...jobs.values()],
    look() {
      const limited = deadline.limit(budget.deadline);
      const client = clients.renew(limited);
      const admin = client(runnerToken, runnerCalls);
      const history = openHistory(job.repository, job.runId);
      const observe = openObserver({
        ...{ job, deadline: limited, lists: admin && openRunnerLists(admin, job), history },
        ...{ reader: client(token, tokenCalls - beatCalls), beats: client(token, beatCalls) },
      });
      const [forBreaker, aside] = [client(token, historyCalls), client(token, asideCalls)];
      const contest = openRivals({ github: aside, job, wanted, observe });
      return async (pool) => {
        const observation = await observe(pool, pool.whenBusy.enough(wanted));
        const known = past.get(pool.name) ?? {
          breaker: await readBreaker(pool, { rules: question.breaker, history, github: forBreaker, job }),
          lostRunner: await lostEarlier(pool, aside),
        };
        past.set(pool.name, known);
        const facts = { ...(await contest(pool, observation)), ...known };
        for (const one of history.jobs()) jobs.set(one.id, one);
        return facts;
      };
    },
  };
}

/** Clients that know together what GitHub answered, and that are counted together. */
function openClients({ apiUrl }: Job) {
  const known = nothingKnown();
  let [spent, clients] = [0, [] as GitHub[]];
  const calls = (): number => clients.reduce((sum, one) => sum + one.callsUsed(), spent);
  return {
    calls,
    /** Makes clients in place of those so far. */
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
