import type { Deadline, Job } from '@runner-actions/core';
import { firstPage, type GitHub, GitHubFailure, type RunJob, runsOfWorkflow } from '@runner-actions/github';
import { readHeartbeat } from './heartbeat.ts';
import { compareWithJobs, isAtWork, jobsDespiteList } from './contradiction.ts';
import { jobsOfPool, readHistory, roomOf } from './history.ts';
import type { History } from './history-io.ts';
import {
  isEnough,
  poolLife,
  type Observation,
  type Observe,
  type ObservedFacts,
  type Unknown,
  unknownObservation,
} from './observation.ts';
import { type ObservedPool, startsOnDemand } from './pool.ts';

/** The sources of observations, the best first. Each client has its own call budget. */
interface Sources {
  job: Job;
  /** For the metrics of scale sets. The clients have their own deadlines. */
  deadline: Deadline;
  /** Lists runners; `undefined` without a token for that. */
  lists: Observe | undefined;
  /** Reads runs and their jobs; `history` holds the result. */
  reader: GitHub | undefined;
  history: History;
  /** Reads the jobs of unfinished runs, to compare them with the runners that are listed as free. */
  checks: GitHub | undefined;
  /** Reads the runs of heartbeats. */
  beats: GitHub | undefined;
}

/** Opens an observer. It uses the best source first, and the next one if that source returns nothing. */
export function openObserver(sources: Sources): Observe {
  return async (pool, enough) => {
    if (!startsOnDemand(pool)) return observeRunners(pool, enough, sources);
    const answer = await observeOnDemand(pool, enough, sources);
    return answer.kind === 'seen' ? answer : { ...answer, room: roomOf(pool, sources.history.jobs()) };
  };
}

async function observeRunners(pool: ObservedPool, enough: number, sources: Sources): Promise<Observation> {
  const listed = await sources.lists?.(pool, enough);
  if (listed?.kind !== 'seen')
    return combine(listed === undefined ? [] : [listed], await askRuns(pool, enough, sources), pool, sources);
  if (poolLife(listed) !== 'alive') return checkDead(listed, pool, enough, sources);
  return listed.free > 0 ? checkFree(listed, sources) : listed;
}

/** Checks runners that GitHub lists as free: jobs in progress, and jobs that no runner takes, may contradict that. */
async function checkFree(listed: ObservedFacts, { history, checks }: Sources): Promise<Observation> {
  const areComplete = checks !== undefined && (await history.readUnfinished(checks));
  return compareWithJobs(listed, history.jobs(), { areComplete, now: checks?.now() ?? Date.now() });
}

/**
 * Returns the answer of a later source, with a warning that says which sources failed; without an answer, the
 * failures.
 */
function combine(
  failed: readonly Unknown[],
  answer: Observation | undefined,
  pool: ObservedPool,
  sources: Sources,
): Observation {
  const [first] = failed;
  if (first === undefined) return answer ?? noInformation(pool, sources);
  if (answer?.kind === 'seen') {
    const detail = failed.map((one) => one.detail).join('; ');
    return {
      ...answer,
      warning: `The source '${answer.source}' decides, because a better source failed: ${detail}.`,
    };
  }
  const all = answer === undefined ? failed : [...failed, answer];
  const reason = all.find((one) => one.reason === 'rate-limited')?.reason ?? answer?.reason ?? first.reason;
  return { ...first, reason, detail: all.map((one) => one.detail).join('; ') };
}

/**
 * Checks a pool without a runner that is listed as online. Recent jobs may prove that it works anyway; see
 * `jobsDespiteList`. So may a heartbeat if no runner is listed (runners on demand are gone after their job), or
 * if the list may lack one.
 */
async function checkDead(
  listed: ObservedFacts,
  pool: ObservedPool,
  enough: number,
  { job, history, reader, beats }: Sources,
): Promise<ObservedFacts> {
  if (reader === undefined) return listed;
  // Of a complete list, a machine that died after its heartbeat is offline.
  const isHeard = listed.matching === 0 || listed.confidence !== 'high';
  const beat = isHeard && beats !== undefined ? await askHeartbeat(pool, job, beats) : undefined;
  const select = (jobs: readonly RunJob[]) => jobsDespiteList(listed, jobs, reader.now());
  const answer =
    beat !== undefined && poolLife(beat) === 'alive'
      ? beat
      : await askHistory(pool, Math.min(1, enough), { history, reader, select });
  if (answer?.kind !== 'seen' || poolLife(answer) === 'dead')
    return isAtWork(listed, history.jobs()) ? { ...listed, confidence: 'medium' } : listed;
  const what =
    listed.matching > 0
      ? `The runners of ${pool.name} are listed as offline`
      : `No runner with the labels of ${pool.name} is listed`;
  const warning = `${what}, but recent jobs prove that they work: ${answer.detail}.`;
  return { ...answer, warning };
}

/**
 * Observes a pool that starts runners on demand. Only a free runner in the list of runners is an answer; see
 * `startsOnDemand`.
 */
async function observeOnDemand(pool: ObservedPool, enough: number, sources: Sources): Promise<Observation> {
  const failed: Unknown[] = [];
  if (pool.metrics !== undefined) {
    const { readMetrics } = await import('./scale-set-metrics-io.ts');
    const answer = await readMetrics(pool, sources);
    if (answer.kind === 'seen') return checkBacklog(answer, pool, sources);
    failed.push(answer);
  }
  const listed = await sources.lists?.(pool, enough);
  if (listed?.kind === 'unknown') failed.push(listed);
  const isFree = listed?.kind === 'seen' && listed.free > 0;
  return combine(
    failed,
    isFree ? await checkFree(listed, sources) : await askRuns(pool, enough, sources),
    pool,
    sources,
  );
}

/**
 * Checks a scale set where jobs wait and no runner is idle. The jobs of this repository show what its metrics do not:
 * for how long they have waited. If they prove nothing, the answer stays as it is.
 */
async function checkBacklog(
  answer: ObservedFacts,
  pool: ObservedPool,
  { history, reader }: Sources,
): Promise<ObservedFacts> {
  if (answer.confidence === 'high' || reader === undefined) return answer;
  const jobs = await askHistory(pool, 0, { history, reader });
  if (jobs === undefined || poolLife(jobs) !== 'dead') return answer;
  return {
    ...answer,
    confidence: 'medium',
    free: 0,
    state: 'degraded',
    detail: `${answer.detail}; ${jobs.detail}`,
  };
}

/**
 * Observes a pool by the runs of the repository: first by its heartbeat, then by its jobs.
 * @returns `undefined` if they prove nothing
 */
async function askRuns(
  pool: ObservedPool,
  enough: number,
  { job, history, reader, beats }: Sources,
): Promise<Observation | undefined> {
  if (reader === undefined || beats === undefined) return undefined;
  const beat = await askHeartbeat(pool, job, beats);
  if (beat !== undefined && poolLife(beat) === 'alive') return beat;
  const answer = await askHistory(pool, enough, { history, reader });
  const failure = history.failure();
  return answer ?? beat ?? (failure === undefined ? undefined : unknownObservation('history', [failure]));
}

async function askHeartbeat(
  { heartbeat }: ObservedPool,
  job: Job,
  beats: GitHub,
): Promise<ObservedFacts | undefined> {
  if (heartbeat === undefined) return undefined;
  try {
    const runs = await firstPage(runsOfWorkflow(beats, job.repository, heartbeat.workflow));
    return readHeartbeat(runs, heartbeat.maxAge, beats.now());
  } catch (error) {
    if (error instanceof GitHubFailure) return undefined;
    throw error;
  }
}

/**
 * Reads jobs until they prove enough free runners, or the call budget is used up. For a pool with a maximum, each job
 * that is not read would count as room, so it stops only then.
 * @param sources `select` leaves out jobs that prove nothing
 */
async function askHistory(
  pool: ObservedPool,
  enough: number,
  {
    history,
    reader,
    select = (jobs) => [...jobs],
  }: { history: History; reader: GitHub; select?: (jobs: readonly RunJob[]) => RunJob[] },
): Promise<Observation | undefined> {
  const isLimited = roomOf(pool, []) !== undefined;
  for (;;) {
    const answer = readHistory(select(history.jobs()), pool, reader.now());
    if (answer?.kind === 'seen' && !isLimited && isEnough(answer, enough)) return answer;
    if (!(await history.more(reader))) return answer;
  }
}

function noInformation(pool: ObservedPool, { lists, reader, history }: Sources): Observation {
  const reason = lists === undefined ? 'token-missing' : 'unknown';
  const unknown = { kind: 'unknown', reason, failed: false } as const;
  if (reader === undefined)
    return {
      ...unknown,
      source: 'static',
      detail: lists === undefined ? 'no runner-token and no token' : nothing,
    };
  if (startsOnDemand(pool))
    return { ...unknown, source: 'history', detail: silenceOf(pool, history.jobs(), reader.now()) };
  const detail = 'no runner-token, and no recent job of this repository shows whether the pool is alive';
  return { ...unknown, source: 'history', detail: lists === undefined ? detail : nothing };
}

const nothing = 'no source has information about the pool';

/** Says that nothing shows whether a pool on demand works, and what to do. */
function silenceOf(pool: ObservedPool, jobs: readonly RunJob[], now: number): string {
  const last = Math.max(0, ...jobsOfPool(jobs, pool).map(({ startedAt }) => startedAt ?? 0));
  const hours = ((now - last) / 3_600_000).toFixed(1);
  const when =
    last === 0 ? 'no job of this repository was taken lately' : `its last job was taken ${hours} h ago`;
  return `no free runner is listed, which proves nothing for a pool that starts runners when jobs come, and ${when}; to use such a pool, set 'on-unknown: use', or give it a heartbeat`;
}
