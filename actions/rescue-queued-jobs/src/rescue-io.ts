import { setTimeout as delay } from 'node:timers/promises';
import type { Deadline, Job } from '@runner-actions/core';
import {
  attemptJobs,
  changeRun,
  connect,
  type GitHub,
  GitHubFailure,
  oneRun,
  type Run,
} from '@runner-actions/github';
import { allPages } from '@runner-actions/history';
import type { RescueInputs } from './inputs.ts';
import { judgeJobs, type Rules } from './judge.ts';

/** `lost`: cancelled and not re-run. `unsure`: it may be cancelled, and was not re-run. Both need a person. */
export type Outcome = { result: 'rescued' | 'left' | 'lost' | 'unsure'; why: string };

interface Means {
  /** Its last calls are the re-run's: nothing but that is sent with it here. */
  github: GitHub;
  inputs: Readonly<RescueInputs>;
  rules: Rules;
  job: Job;
  deadline: Deadline;
}

/** A look, the cancel, polls, the cancel for good; then the re-run, and a look whether it arrived. */
export const rescueCalls = 12;
const restartCalls = 2;
/** Milliseconds. What is begun must be finished, so nothing is begun late, and the end is kept for the re-run. */
const leastTime = 10_000;
const restartTime = 5_000;
const firstPoll = 2_000;
const patience = 30_000;

/**
 * Rescues one run after the other: cancels it, waits until it has ended, and re-runs all of its jobs, so that the selector
 * decides anew. A run is not touched unless calls and time will do for all of that: cancelled and forgotten is worse than stuck.
 */
export function openRescue(means: Means): (run: Run) => Promise<Outcome> {
  const { github, inputs, job, deadline } = means;
  let spent = 0;
  return async (run) => {
    if (inputs.calls - github.callsUsed() - spent < rescueCalls)
      return left(`the calls that are left would not do for it; 'calls' is ${inputs.calls}`);
    if (deadline.remaining() < leastTime)
      return left("the time that is left would not do for it; see 'deadline'");
    const early = deadline.limit(deadline.remaining() - restartTime);
    const calls = rescueCalls - restartCalls;
    const client = connect({ token: inputs.token, apiUrl: job.apiUrl, deadline: early, calls });
    const stopped = await stop({ ...means, github: client, deadline: early }, run);
    spent += client.callsUsed();
    return 'result' in stopped ? stopped : restart(means, run, stopped.doubt);
  };
}

const left = (why: string): Outcome => ({ result: 'left', why });

/** `doubt`: why it is not known whether the cancelled run has ended. */
type Stopped = { doubt: string | undefined };

/** Looks at its jobs once more, cancels it, and waits. Whoever acted meanwhile, a runner or a person, has the say. */
async function stop(means: Means, run: Run): Promise<Outcome | Stopped> {
  const { github, rules, job } = means;
  let isSure = true;
  try {
    const now = judgeJobs(await allPages(attemptJobs(github, job.repository, run)), rules, github.now());
    if (!Array.isArray(now)) return left(`meanwhile ${now.why}`);
  } catch (error) {
    return left(`it could not be looked at once more: ${failureOf(error).message}`);
  }
  try {
    await changeRun(github, job.repository, run.id, 'cancel');
  } catch (error) {
    const failure = failureOf(error);
    if (!failure.mayHaveArrived) return left(`it could not be cancelled: ${failure.message}`);
    isSure = false;
  }
  try {
    const ended = await untilEnded(means, run, isSure);
    if (ended.attempt !== run.attempt)
      return {
        result: 'unsure',
        why: 'it was run again meanwhile, and the cancel may have met that attempt',
      };
    return ended.conclusion === 'success' ? left('it went on and succeeded') : { doubt: undefined };
  } catch (error) {
    const { message } = failureOf(error);
    if (isSure) return { doubt: message };
    return { result: 'unsure', why: `the cancel got no answer, and then ${message}` };
  }
}

/** Jobs with `always()` may keep a cancelled run going: after a while it is cancelled for good. @throws GitHubFailure */
async function untilEnded({ github, job, deadline }: Means, run: Run, isSure: boolean): Promise<Run> {
  const soft = deadline.limit(Math.min(patience, deadline.remaining() / 3));
  let isForced = false;
  for (let pause = firstPoll; ; pause *= 2) {
    const now = await oneRun(github, job.repository, run.id);
    if (now.status === 'completed' || now.attempt !== run.attempt) return now;
    if (!isForced && soft.remaining() === 0) {
      if (!isSure) throw new GitHubFailure('deadline', 'the run did not end');
      // Sent once. Whether it worked, the polls tell.
      await changeRun(github, job.repository, run.id, 'force-cancel').catch(failureOf);
      isForced = true;
      pause = firstPoll;
    }
    const until = Math.min(pause, isForced ? pause : soft.remaining());
    await delay(until, undefined, { signal: deadline.signal }).catch(() => {
      throw new GitHubFailure('deadline', 'the run did not end in time');
    });
  }
}

/**
 * GitHub refuses to re-run what has not ended, so asking is safe where that is not known. A refusal may also say that another
 * rescue, or a person, came first.
 */
async function restart({ github, job }: Means, run: Run, doubt: string | undefined): Promise<Outcome> {
  const done: Outcome = { result: 'rescued', why: 'all of its jobs were started anew' };
  try {
    await changeRun(github, job.repository, run.id, 'rerun');
    return done;
  } catch (error) {
    const { message } = failureOf(error);
    if (await isAnew(github, job, run)) return done;
    return { result: 'lost', why: [doubt, message].filter((one) => one !== undefined).join('; ') };
  }
}

async function isAnew(github: GitHub, { repository }: Job, run: Run): Promise<boolean> {
  try {
    return (await oneRun(github, repository, run.id)).attempt > run.attempt;
  } catch (error) {
    failureOf(error);
    return false;
  }
}

/** @throws whatever is not a failure of GitHub's */
function failureOf(error: unknown): GitHubFailure {
  if (error instanceof GitHubFailure) return error;
  throw error;
}
