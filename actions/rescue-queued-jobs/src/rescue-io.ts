import { setTimeout as delay } from 'node:timers/promises';
import type { Deadline, Job } from '@runner-actions/core';
import {
  allPages,
  attemptJobs,
  changeRun,
  connect,
  fetchRun,
  type GitHub,
  GitHubFailure,
  type Run,
} from '@runner-actions/github';
import type { RescueInputs } from './inputs.ts';
import { judgeJobs, type Rules } from './judge.ts';
import type { JudgeAgain } from './judge-runs-io.ts';

/**
 * `lost`: cancelled and not re-run. `unsure`: possibly cancelled and not re-run. In both cases a user must re-run it.
 */
export type Outcome = { result: 'rescued' | 'left' | 'lost' | 'unsure'; why: string };

interface RescueContext {
  /** Only the re-run uses this client here, so that its last calls are left for it. */
  github: GitHub;
  inputs: Readonly<RescueInputs>;
  rules: Rules;
  job: Job;
  deadline: Deadline;
  judgeAgain: JudgeAgain;
}

/**
 * API calls of one rescue: read the jobs and judge them again, cancel, poll, force-cancel; then re-run, and check whether
 * it was re-run.
 */
export const rescueCalls = 16;
const rerunCalls = 2;
/**
 * Milliseconds. A rescue that starts must end: it needs at least `minTime`, and `rerunTime` is reserved for the re-run.
 */
const minTime = 10_000;
const rerunTime = 5_000;
const firstPoll = 2_000;
const softCancelTime = 30_000;

/**
 * Returns a function that rescues a run: it cancels the run, waits until it has ended, and re-runs all of its jobs, so
 * that select-runner decides again. A rescue starts only if enough API calls and time are left to finish it: a run that
 * is cancelled and not re-run is worse than a stuck run.
 */
export function openRescue(context: RescueContext): (run: Run) => Promise<Outcome> {
  const { github, inputs, job, deadline } = context;
  let spent = 0;
  return async (run) => {
    if (inputs.calls - github.callsUsed() - spent < rescueCalls)
      return notRescued(`too few API calls are left to rescue it; 'calls' is ${inputs.calls}`);
    if (deadline.remaining() < minTime)
      return notRescued("too little time is left to rescue it; see 'deadline'");
    const early = deadline.limit(deadline.remaining() - rerunTime);
    const calls = rescueCalls - rerunCalls;
    const client = connect({ token: inputs.token, apiUrl: job.apiUrl, deadline: early, calls });
    const stopped = await cancelAndWait({ ...context, github: client, deadline: early }, run);
    spent += client.callsUsed();
    return 'result' in stopped ? stopped : rerun(context, run, stopped.doubt);
  };
}

const notRescued = (why: string): Outcome => ({ result: 'left', why });

/** `doubt`: why it is unknown whether the cancelled run has ended. */
type Stopped = { doubt: string | undefined };

/**
 * Judges the run again, cancels it, and waits until it ends. Does nothing if a runner or a user acted in between.
 */
async function cancelAndWait(context: RescueContext, run: Run): Promise<Outcome | Stopped> {
  const { github, rules, job, judgeAgain } = context;
  let isSure = true;
  try {
    const queued = judgeJobs(await allPages(attemptJobs(github, job.repository, run)), rules, github.now());
    const now = Array.isArray(queued) ? await judgeAgain(github, run, queued) : queued;
    if (now !== undefined) return notRescued(`its state has changed: ${now.why}`);
  } catch (error) {
    const { kind, message } = failureOf(error);
    const why = kind === 'call-budget' ? 'too many other runs have started since it was judged' : message;
    return notRescued(`its state could not be read again: ${why}`);
  }
  try {
    await changeRun(github, job.repository, run.id, 'cancel');
  } catch (error) {
    const failure = failureOf(error);
    if (!failure.mayHaveArrived) return notRescued(`it could not be cancelled: ${failure.message}`);
    isSure = false;
  }
  try {
    const ended = await untilEnded(context, run, isSure);
    if (ended.attempt !== run.attempt)
      return {
        result: 'unsure',
        why: 'it was re-run in the meantime, and the cancel may have affected the new attempt',
      };
    return ended.conclusion === 'success' ? notRescued('it continued and succeeded') : { doubt: undefined };
  } catch (error) {
    const { message } = failureOf(error);
    if (isSure) return { doubt: message };
    return { result: 'unsure', why: `GitHub did not answer the cancel request, and then ${message}` };
  }
}

/**
 * Waits until the run ends. Jobs with `always()` can keep a cancelled run going, so it is force-cancelled after a
 * while.
 * @throws GitHubFailure
 */
async function untilEnded({ github, job, deadline }: RescueContext, run: Run, isSure: boolean): Promise<Run> {
  const soft = deadline.limit(Math.min(softCancelTime, deadline.remaining() / 3));
  let isForced = false;
  for (let pause = firstPoll; ; pause *= 2) {
    const now = await fetchRun(github, job.repository, run.id);
    if (now.status === 'completed' || now.attempt !== run.attempt) return now;
    if (!isForced && soft.remaining() === 0) {
      if (!isSure) throw new GitHubFailure('deadline', 'the run did not end');
      // Sent once. The polls show whether it worked.
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
 * Re-runs the run. GitHub refuses to re-run a run that has not ended, so the request is safe if that is unknown. A
 * refusal may also mean that another rescue or a user already re-ran it.
 */
async function rerun({ github, job }: RescueContext, run: Run, doubt: string | undefined): Promise<Outcome> {
  const done: Outcome = { result: 'rescued', why: 'all of its jobs were started again' };
  try {
    await changeRun(github, job.repository, run.id, 'rerun');
    return done;
  } catch (error) {
    const { message } = failureOf(error);
    if (await wasRerun(github, job, run)) return done;
    return { result: 'lost', why: [doubt, message].filter((one) => one !== undefined).join('; ') };
  }
}

async function wasRerun(github: GitHub, { repository }: Job, run: Run): Promise<boolean> {
  try {
    return (await fetchRun(github, repository, run.id)).attempt > run.attempt;
  } catch (error) {
    failureOf(error);
    return false;
  }
}

/** Returns the error as a GitHubFailure. @throws every other error */
function failureOf(error: unknown): GitHubFailure {
  if (error instanceof GitHubFailure) return error;
  throw error;
}
