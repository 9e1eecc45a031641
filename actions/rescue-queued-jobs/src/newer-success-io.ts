import { type Job, pullRequestEvents } from '@runner-actions/core';
import { type GitHub, GitHubFailure, type Run, runPage, type RunPage } from '@runner-actions/github';
import { type Judgement, type Rules } from './judge.ts';
import { byAge } from './unfinished-runs-io.ts';

/**
 * Returns a function that checks whether a newer run of the same workflow and branch has succeeded. To re-run the older
 * one would undo what the newer one did, such as a deployment. Runs for pull requests are compared only with each other:
 * they do something else than a push to the same branch. Sends one request for each workflow and branch. Call it for the
 * oldest run first: the answer for a run is complete for newer runs.
 * @param unfinished a newer one of these runs that is in progress supersedes too: it may be deploying
 * @param mayRead whether a call is left
 * @returns `undefined` if there is none
 */
export function openNewerSuccess(
  github: GitHub,
  {
    job,
    rules,
    unfinished,
    mayRead,
  }: { job: Pick<Job, 'repository'>; rules: Rules; unfinished: readonly Run[]; mayRead: () => boolean },
): (run: Run) => Promise<Judgement | undefined> {
  const answers = new Map<string, RunPage | string>();
  return async (run) => {
    const workflow = run.workflowPath?.split('/').at(-1);
    if (workflow === undefined || run.branch === undefined)
      return unknown('GitHub does not say which workflow and branch it belongs to');
    if (rules.rerunSuperseded.some((name) => name === workflow || name === run.workflowPath))
      return undefined;
    const working = unfinished.find((other) => isNewerInProgress(other, run));
    if (working !== undefined)
      return superseded(`a newer run of ${workflow} for ${run.branch} is in progress: ${working.id}`);
    const key = JSON.stringify([workflow, run.branch]);
    const filter = { status: 'success', branch: run.branch, since: run.createdAt };
    const read = async (): Promise<RunPage | string> => {
      if (!mayRead()) return "the remaining API calls are reserved for a rescue; see 'calls'";
      return runPage(github, job.repository, filter, { workflow }).catch(messageOfFailure);
    };
    const answer = answers.get(key) ?? (await read());
    answers.set(key, answer);
    if (typeof answer === 'string') return unknown(answer);
    const newer = answer.runs.find((other) => isOfSameKind(other, run) && byAge(other, run) > 0);
    if (newer !== undefined)
      return superseded(`a newer run of ${workflow} for ${run.branch} succeeded: ${newer.id}`);
    return answer.total > answer.runs.length ? unknown('the list of successful runs is too long') : undefined;
  };
}

function isNewerInProgress(other: Run, run: Run): boolean {
  const isSame = other.workflowPath === run.workflowPath && other.branch === run.branch;
  return other.status === 'in_progress' && isSame && isOfSameKind(other, run) && byAge(other, run) > 0;
}

function superseded(why: string): Judgement {
  return { reason: 'superseded', why };
}

function unknown(why: string): Judgement {
  return { reason: 'unknown', why: `it is not known whether a newer run succeeded: ${why}` };
}

function isOfSameKind(one: Run, other: Run): boolean {
  const isForPull = ({ event }: Run): boolean => pullRequestEvents.includes(event);
  return isForPull(one) === isForPull(other) && one.headRepository === other.headRepository;
}

function messageOfFailure(error: unknown): string {
  if (error instanceof GitHubFailure) return error.message;
  throw error;
}
