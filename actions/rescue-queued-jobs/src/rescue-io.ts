import { setTimeout as delay } from 'node:timers/promises';
import type { Deadline, Job } from '@runner-actions/core';
import { changeRun, type GitHub, GitHubFailure, oneRun, type Run } from '@runner-actions/github';

/** `lost`: it was cancelled and could not be re-run, so a person must. */
export type Outcome = { result: 'rescued' | 'left' | 'lost'; why: string };

const pollEvery = 2_000;
const patience = 30_000;

/**
 * Cancels the run, waits until it has ended, and re-runs all of its jobs, so that the selector decides anew. Looks once more
 * before: whoever acted meanwhile has the say.
 */
export async function rescue(
  github: GitHub,
  { repository }: Job,
  run: Run,
  deadline: Deadline,
): Promise<Outcome> {
  try {
    const now = await oneRun(github, repository, run.id);
    if (now.status === 'completed' || now.attempt !== run.attempt)
      return { result: 'left', why: 'it has ended meanwhile' };
    await changeRun(github, repository, run.id, 'cancel');
  } catch (error) {
    if (!(error instanceof GitHubFailure)) throw error;
    return { result: 'left', why: `it could not be cancelled: ${error.message}` };
  }
  try {
    await untilEnded(github, repository, run, deadline);
    await changeRun(github, repository, run.id, 'rerun');
    return { result: 'rescued', why: 'all of its jobs were started anew' };
  } catch (error) {
    return { result: 'lost', why: error instanceof Error ? error.message : String(error) };
  }
}

/** Jobs with `always()` may keep a cancelled run going: after a while it is cancelled for good. */
async function untilEnded(
  github: GitHub,
  repository: Job['repository'],
  run: Run,
  deadline: Deadline,
): Promise<void> {
  const soft = deadline.limit(Math.min(patience, deadline.remaining() / 3));
  let isForced = false;
  while ((await oneRun(github, repository, run.id)).status !== 'completed') {
    if (!isForced && soft.remaining() === 0) {
      await changeRun(github, repository, run.id, 'force-cancel');
      isForced = true;
    }
    await delay(Math.min(pollEvery, soft.remaining() || pollEvery), undefined, { signal: deadline.signal });
  }
}
