import type { Deadline, Job } from '@runner-actions/core';
import { connect, type GitHub, GitHubFailure, runsOfWorkflow } from '@runner-actions/github';
import type { Pool } from '../ask/pool.ts';
import { readHeartbeat } from './heartbeat.ts';
import { readHistory } from './history.ts';
import { firstPage, type History } from './history-io.ts';
import { type Observation, type Seen, unknown } from './observation.ts';
import { openRunnerLists, type RunnerLists } from './runners-io.ts';
import { readMetrics } from './scale-set-io.ts';

/** What there is to ask with. */
export interface Means {
  job: Job;
  token: string | undefined;
  runnerToken: string | undefined;
  deadline: Deadline;
  history: History;
  /** Answers of an earlier look, for whoever polls. */
  known: Map<string, { etag: string; value: unknown }>;
}

/** Looks at pools. It never throws for what GitHub answers: that is `unknown`. */
export interface Observer {
  observe(pool: Pool, enough: number): Promise<Observation>;
  /** Requests sent so far, the breaker's apart. */
  calls(): number;
}

/** 100 pages of runners in each of three lists, the groups, and some retries. */
const runnerCalls = 320;
/** With `token` alone: a heartbeat, the list of runs, and jobs. */
const tokenCalls = 6;

/** The ladder: the best source that the means allow, and the next one where it gives no answer. */
export function openObserver(means: Means): Observer {
  const { job, token, runnerToken, deadline, known } = means;
  const options = { apiUrl: job.apiUrl, deadline };
  const admin =
    runnerToken === undefined
      ? undefined
      : connect({ ...options, token: runnerToken, calls: runnerCalls, known });
  const reader = token === undefined ? undefined : connect({ ...options, token, calls: tokenCalls });
  const lists = admin === undefined ? undefined : openRunnerLists(admin, job);
  return {
    calls: () => (admin?.callsUsed() ?? 0) + (reader?.callsUsed() ?? 0),
    observe: (pool, enough) =>
      pool.kind === 'scale-set'
        ? observeScaleSet(pool, enough, { means, lists, reader })
        : observeRunners(pool, enough, { means, lists, reader }),
  };
}

interface Ladder {
  means: Means;
  lists: RunnerLists | undefined;
  reader: GitHub | undefined;
}

async function observeRunners(pool: Pool, enough: number, ladder: Ladder): Promise<Observation> {
  const listed = await ladder.lists?.observe(pool, enough);
  if (listed?.kind === 'seen')
    return listed.online > 0 || listed.matching === 0 ? listed : contradict(listed, pool, ladder);
  return (await askRuns(pool, ladder)) ?? listed ?? nothing(ladder);
}

/** GitHub shows runners as offline that work; a job that started since says otherwise. */
async function contradict(listed: Seen, pool: Pool, { means, reader }: Ladder): Promise<Seen> {
  if (reader === undefined) return listed;
  const answer = await askHistory(pool, means.history, reader);
  if (answer === undefined || answer.online === 0) return listed;
  const warning = `The runners of ${pool.name} are listed as offline, and yet: ${answer.detail}. The jobs are believed.`;
  return { ...answer, warning };
}

/** An empty list of runners says nothing of a scale set: they come when a job does. A free one in the list is an answer. */
async function observeScaleSet(pool: Pool, enough: number, ladder: Ladder): Promise<Observation> {
  const failed: Observation[] = [];
  if (pool.metrics !== undefined) {
    const answer = await readMetrics(pool, ladder.means);
    if (answer.kind === 'seen') return answer;
    failed.push(answer);
  }
  const listed = await ladder.lists?.observe(pool, enough);
  if (listed?.kind === 'seen' && listed.free > 0) return listed;
  if (listed?.kind === 'unknown') failed.push(listed);
  return (await askRuns(pool, ladder)) ?? failed[0] ?? nothing(ladder);
}

/** What the repository's own runs tell: the pool's heartbeat, then its jobs. `undefined`: nothing. */
async function askRuns(pool: Pool, { means, reader }: Ladder): Promise<Observation | undefined> {
  if (reader === undefined) return undefined;
  const beat = await askHeartbeat(pool, means.job, reader);
  if (beat !== undefined && beat.online > 0) return beat;
  const answer = await askHistory(pool, means.history, reader);
  const failure = means.history.failure();
  return answer ?? beat ?? (failure === undefined ? undefined : unknown('history', [failure]));
}

async function askHeartbeat({ heartbeat }: Pool, job: Job, reader: GitHub): Promise<Seen | undefined> {
  if (heartbeat === undefined) return undefined;
  try {
    const runs = await firstPage(runsOfWorkflow(reader, job.repository, heartbeat.workflow));
    return readHeartbeat(runs, heartbeat.maxAge, reader.now());
  } catch (error) {
    if (error instanceof GitHubFailure) return undefined;
    throw error;
  }
}

/** Reads jobs until one proves life or the calls are used up. */
async function askHistory(pool: Pool, history: History, reader: GitHub): Promise<Seen | undefined> {
  for (;;) {
    const answer = readHistory(history.jobs(), pool.labels, reader.now());
    if (answer !== undefined && answer.online > 0) return answer;
    if (!(await history.more(reader))) return answer;
  }
}

function nothing({ lists, reader }: Ladder): Observation {
  const [source, detail] =
    reader === undefined
      ? (['static', 'no runner-token and no token'] as const)
      : (['history', 'no runner-token, and no recent job of this repository tells'] as const);
  const reason = lists === undefined ? 'token-missing' : 'unknown';
  return {
    kind: 'unknown',
    source,
    reason,
    failed: false,
    detail: lists === undefined ? detail : 'no source tells',
  };
}
