import { type DurationJudgement, judgeDuration } from './baseline.ts';
import { cleanJobs, type DataQuality } from './clean-jobs.ts';
import type { PastJob } from './history.ts';
import { runnerClass } from './runner-class.ts';
import { type RollbackSignal, rollbackSignal, type SuccessfulRun, successfulRuns } from './slow-runs.ts';
import { dailySuccessRule, judgeSuccess, type SuccessShare } from './success-share.ts';

/** The job that is compared with its history. */
export interface ComparedJob {
  runId: number;
  /** See `runnerClass`. */
  runnerClass: string;
  /** Milliseconds; `undefined` if the job did not succeed: its duration says nothing then. */
  duration: number | undefined;
  /** Only runs on the default branch count for the rollback signal. */
  isOnDefaultBranch: boolean;
}

export interface JobComparison {
  /** `undefined` if the job did not succeed. */
  duration: DurationJudgement | undefined;
  rollback: RollbackSignal;
  success: SuccessShare;
  quality: DataQuality;
}

/**
 * Compares a job with its history: with the runs on the same class of runner. After a change of class the baseline starts
 * anew.
 * @param jobs completed jobs of the same workflow and name, on the default branch, as `jobHistory` reads them
 * @param now milliseconds since the epoch, by GitHub's clock
 */
export function compareJob(compared: ComparedJob, jobs: readonly PastJob[], now: number): JobComparison {
  const { jobs: cleaned, quality } = cleanJobs(jobs);
  const runs = successfulRuns(cleaned.filter((job) => runnerClass(job) === compared.runnerClass));
  const earlier = runs.filter(({ runId }) => runId !== compared.runId);
  const durations = earlier.map(({ duration }) => duration);
  return {
    duration: compared.duration === undefined ? undefined : judgeDuration(compared.duration, durations),
    rollback: rollbackOf({ ...compared, endedAt: now }, runs, earlier),
    success: judgeSuccess(cleaned, dailySuccessRule, now),
    quality,
  };
}

/** A run counts once. If an earlier attempt of it gave the signal already, the new attempt does not give it again. */
function rollbackOf(
  { isOnDefaultBranch, runId, duration, ...rest }: ComparedJob & Pick<SuccessfulRun, 'endedAt'>,
  runs: readonly SuccessfulRun[],
  earlier: readonly SuccessfulRun[],
): RollbackSignal {
  if (duration === undefined || !isOnDefaultBranch) return { ...rollbackSignal(runs), rollback: false };
  const signal = rollbackSignal([...earlier, { ...rest, runId, duration, job: earlier[0]?.job ?? '' }]);
  const before = runs.filter((run) => run.runId === runId);
  const wasGiven = before.length > 0 && rollbackSignal([...earlier, ...before]).rollback;
  return { ...signal, rollback: signal.rollback && !wasGiven };
}
