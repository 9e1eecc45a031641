import type { RunJob } from '@runner-actions/github';
import { wasCancelledInQueue } from '@runner-actions/history';
import type { Judgement } from './judge.ts';

/** The latest attempt that may be rescued. */
export const maxAttempt = 5;

/**
 * Judges a re-run by the jobs of all its attempts, the first attempt first. "Re-run failed jobs" keeps the old decision of
 * select-runner, so a run that waits because of it is rescued. To re-run all jobs decides again: if that run waits too,
 * another rescue would not help. A rescue leaves an attempt whose queued jobs were cancelled, and after it one that
 * carries over no job. No run with such attempts is rescued, so each is rescued at most once, without stored state.
 * @returns `undefined` if it may be rescued
 */
export function judgeAttempts(attempts: readonly (readonly RunJob[])[]): Judgement | undefined {
  const left = (why: string): Judgement => ({ reason: 'second-attempt', why });
  if (attempts.length <= 1) return undefined;
  if (!isPartial(attempts, attempts.length - 1)) return left('all of its jobs were already re-run');
  const rescued = attempts.findIndex(
    (jobs, index) =>
      index < attempts.length - 1 &&
      jobs.some((job) => wasCancelledInQueue(job, 0)) &&
      !isPartial(attempts, index + 1),
  );
  if (rescued < 0) return undefined;
  return left(`its attempt ${rescued + 1} was cancelled in the queue, and all of its jobs were re-run`);
}

/**
 * Whether an attempt re-ran only some jobs. GitHub lists the others again, with new ids and the times of the attempt in
 * which they ran.
 */
function isPartial(attempts: readonly (readonly RunJob[])[], index: number): boolean {
  const before = attempts[index - 1] ?? [];
  return (attempts[index] ?? []).some((job) => before.some((earlier) => isCarriedOver(job, earlier)));
}

function isCarriedOver({ name, startedAt, completedAt }: RunJob, earlier: RunJob): boolean {
  const isSame = name === earlier.name && completedAt === earlier.completedAt;
  return completedAt !== undefined && startedAt !== undefined && startedAt === earlier.startedAt && isSame;
}
