import type { RunJob } from '@runner-actions/github';
import type { Series } from '../sampling/sample.ts';
import type { Figures } from './figures.ts';
import { type QueueTime, queueTime } from './queue-time.ts';
import { type StepsUse, useOfSteps } from './step-use.ts';
import { type JobStep, stepsOf } from './steps.ts';

/** What GitHub's API says about this job, joined with the series. */
export interface JobFacts {
  /** Omitted if GitHub does not tell both times. */
  queue?: QueueTime;
  steps: JobStep[];
  use: StepsUse;
}

/** The facts, or why they are unknown. */
export type OwnJobFacts = JobFacts | { unknown: string };

/** Joins what GitHub says about the job with the series. */
export function factsOf(
  job: Pick<RunJob, 'steps' | 'createdAt' | 'isCreationUnknown' | 'startedAt'>,
  series: Series,
  { points }: Pick<Figures, 'points'>,
): JobFacts {
  const steps = stepsOf(job, series);
  const queue = queueTime(job);
  const jobSeconds = lengthOf(steps, series);
  const use = useOfSteps(steps, points, { cores: series.head.cores.value, jobSeconds });
  return { ...(queue === undefined ? {} : { queue }), steps, use };
}

/** Returns the seconds from the start of the first step to the end of the last step or sample. */
function lengthOf(steps: readonly JobStep[], { samples }: Series): number {
  const [first, last] = [samples[0], samples.at(-1)];
  let [from, to] = [0, first && last ? (last.monotonic - first.monotonic) / 1000 : 0];
  for (const { span } of steps) {
    from = Math.min(from, span?.from ?? 0);
    to = Math.max(to, span?.to ?? 0);
  }
  return to - from;
}
