import type { RunJob } from '@runner-actions/github';
import type { Sample, Series } from '../sampling/sample.ts';

/** A step of the job, in seconds from the first sample. */
export interface JobStep {
  name: string;
  /** GitHub's conclusion; omitted until the step ends. */
  conclusion?: string;
  /** Omitted if the step did not run. GitHub gives whole seconds. */
  span?: Span;
}

export interface Span {
  from: number;
  to: number;
}

/** More steps are ignored. A job of a workflow has fewer: the answer is GitHub's, but names and number are a user's. */
const maxSteps = 1_000;

/**
 * Converts the steps. GitHub gives a skipped step times too, as if it had run for a moment: they are ignored. A step
 * that ends before it starts, which GitHub reports at times, took no time.
 */
export function stepsOf({ steps }: Pick<RunJob, 'steps'>, { samples }: Pick<Series, 'samples'>): JobStep[] {
  const end = samples.at(-1)?.wall ?? 0;
  return steps.slice(0, maxSteps).map(({ name, conclusion, startedAt, completedAt }) => {
    const step = { name, ...(conclusion === undefined ? {} : { conclusion }) };
    if (startedAt === undefined || conclusion === 'skipped') return step;
    const from = secondsAt(startedAt, samples);
    return { ...step, span: { from, to: Math.max(from, secondsAt(completedAt ?? end, samples)) } };
  });
}

/**
 * Converts a time of the machine's clock to seconds from the first sample. Between two samples it counts by the
 * monotonic clock, so that a clock that was set in between does not move the steps.
 */
function secondsAt(wall: number, samples: readonly Sample[]): number {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return 0;
  if (wall < first.wall) return (wall - first.wall) / 1000;
  const after = samples.findIndex((sample, index) => index > 0 && wall < sample.wall);
  const before = samples[after - 1];
  const next = samples[after];
  if (before === undefined || next === undefined) {
    return (last.monotonic - first.monotonic + wall - last.wall) / 1000;
  }
  const share = (wall - before.wall) / (next.wall - before.wall);
  const monotonic = before.monotonic + Math.max(0, share) * (next.monotonic - before.monotonic);
  return (monotonic - first.monotonic) / 1000;
}
