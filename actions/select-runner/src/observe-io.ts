import type { Deadline, Job } from '@runner-actions/core';
import {
  attemptJobs,
  connect,
  type GitHub,
  GitHubFailure,
  organizationRunners,
  type Repository,
  repositoryRunners,
  type Runner,
  type RunJob,
  visibleRunnerGroups,
  workflowRuns,
} from '@runner-actions/github';
import { readHistory } from './history.ts';
import { count, hasLabels, type Observation, unknown } from './observation.ts';

/** What is asked about, and with what. */
export interface Question {
  labels: readonly string[];
  /** How many free runners are enough to stop looking. */
  enough: number;
  token: string | undefined;
  runnerToken: string | undefined;
  job: Job;
  deadline: Deadline;
}

/** 100 pages of runners in each of two lists, the groups, and some retries. */
const runnerCalls = 220;
const historyCalls = 6;

/** Asks the best source that the tokens allow. It never throws for what GitHub answers: that is `unknown`. */
export async function observe(question: Question): Promise<Observation> {
  const { token, runnerToken, job, deadline } = question;
  if (runnerToken !== undefined) {
    return listRunners(
      connect({ token: runnerToken, apiUrl: job.apiUrl, deadline, calls: runnerCalls }),
      question,
    );
  }
  if (token === undefined) {
    return {
      kind: 'unknown',
      source: 'static',
      reason: 'token-missing',
      failed: false,
      detail: 'no runner-token and no token',
    };
  }
  return askHistory(connect({ token, apiUrl: job.apiUrl, deadline, calls: historyCalls }), question);
}

async function listRunners(github: GitHub, question: Question): Promise<Observation> {
  const { labels, enough, job } = question;
  const isEnough = (runners: readonly Runner[]): boolean => count(runners, labels).free >= enough;
  const own = await collect(repositoryRunners(github, job.repository), isEnough);
  if (isEnough(own.runners)) return seen(own.runners, [], question, []);
  // The groups come first: only runners that this repository may use are enough to stop at.
  const groups = await visibleGroups(github, job);
  const usable = (runners: readonly Runner[]) => runners.filter((runner) => isVisible(runner, groups.ids));
  const shared = await collect(organizationRunners(github, job.repository.owner), (runners) =>
    isEnough([...own.runners, ...usable(runners)]),
  );
  const failures = [own.failure, groups.failure, shared.failure].filter((failure) => failure !== undefined);
  // A repository of a user has no organization: that is an answer, not a failure.
  const isUsers =
    own.failure === undefined && failures.length === 2 && failures.every(({ kind }) => kind === 'not-found');
  const known = [...own.runners, ...usable(shared.runners)];
  const hidden = shared.runners.filter(
    (runner) => !isVisible(runner, groups.ids) && hasLabels(runner, labels),
  );
  if (isUsers) return seen(known, [], question, []);
  // A list that failed might have held them: not finding any in the other one says nothing.
  const matching = known.some((runner) => hasLabels(runner, labels));
  if (!matching && failures.length > 0) return unknown('runners-api', failures);
  return seen(known, hidden, question, failures);
}

function isVisible(runner: Runner, visible: ReadonlySet<number> | undefined): boolean {
  return visible === undefined || runner.groupId === undefined || visible.has(runner.groupId);
}

function seen(
  runners: readonly Runner[],
  hidden: readonly Runner[],
  { labels }: Question,
  failures: readonly GitHubFailure[],
): Observation {
  const detail = failures.map(({ message }) => message).join('; ');
  const confidence = failures.length === 0 ? 'high' : 'medium';
  return {
    kind: 'seen',
    source: 'runners-api',
    confidence,
    ...count(runners, labels),
    hidden: hidden.length,
    detail,
  };
}

interface Collected {
  runners: Runner[];
  failure?: GitHubFailure;
}

/** Reads pages until it is enough. A page that fails leaves what came before it. */
async function collect(
  pages: AsyncGenerator<Runner[]>,
  isEnough: (runners: readonly Runner[]) => boolean,
): Promise<Collected> {
  const runners: Runner[] = [];
  try {
    for await (const page of pages) {
      runners.push(...page);
      if (isEnough(runners)) break;
    }
    return { runners };
  } catch (error) {
    if (error instanceof GitHubFailure) return { runners, failure: error };
    throw error;
  }
}

async function visibleGroups(
  github: GitHub,
  job: Job,
): Promise<{ ids: Set<number> | undefined; failure?: GitHubFailure }> {
  const isPublic =
    (job.payload() as { repository?: { private?: boolean } } | undefined)?.repository?.private === false;
  const ids = new Set<number>();
  try {
    for await (const groups of visibleRunnerGroups(github, job.repository)) {
      for (const group of groups) if (!isPublic || group.allowsPublicRepositories) ids.add(group.id);
    }
    return { ids };
  } catch (error) {
    if (error instanceof GitHubFailure) return { ids: undefined, failure: error };
    throw error;
  }
}

/** Reads jobs of recent runs, this run excepted, until one proves life or the calls are used up. */
async function askHistory(github: GitHub, { labels, job }: Question): Promise<Observation> {
  const jobs: RunJob[] = [];
  try {
    for await (const batch of recentJobs(github, job.repository, job.runId)) {
      jobs.push(...batch);
      const answer = readHistory(jobs, labels, Date.now());
      if (answer?.kind === 'seen' && answer.online > 0) break;
    }
  } catch (error) {
    if (!(error instanceof GitHubFailure)) throw error;
    if (error.kind !== 'call-budget') return unknown('history', [error]);
  }
  const detail = 'no runner-token, and no recent job of this repository tells';
  return (
    readHistory(jobs, labels, Date.now()) ?? {
      kind: 'unknown',
      source: 'history',
      reason: 'token-missing',
      failed: false,
      detail,
    }
  );
}

/** Jobs of unfinished runs first, since they tell of a backlog; then of the newest finished ones. One call a run. */
async function* recentJobs(github: GitHub, repository: Repository, ownRun: string): AsyncGenerator<RunJob[]> {
  const runs = (await firstPage(workflowRuns(github, repository))).filter(({ id }) => String(id) !== ownRun);
  const finished = runs.filter(({ status }) => status === 'completed');
  const unfinished = runs.filter(({ status }) => status !== 'completed');
  for (const run of [...unfinished, ...finished]) yield await firstPage(attemptJobs(github, repository, run));
}

async function firstPage<T>(pages: AsyncGenerator<T[]>): Promise<T[]> {
  for await (const page of pages) return page;
  return [];
}
