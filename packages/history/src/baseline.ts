/** What a job usually takes, from its own earlier successful runs on runners of the same class. Milliseconds. */
export interface Baseline {
  samples: number;
  median: number;
  /** The usual distance from the median: a standard deviation that outliers do not move. Never below its floor. */
  deviation: number;
}

/** A history is too old to compare with beyond so many runs. */
export const baselineSamples = 30;
/** With fewer runs, nothing is compared: the baseline is still learning. */
export const fewestSamples = 8;

/** Turns the median absolute deviation of normally distributed values into their standard deviation. */
const deviationsPerMedianDeviation = 1.4826;
/** Milliseconds. GitHub's times are whole seconds. */
const smallestDeviation = 1_000;
/** Runs that all take the same time would make each second of difference an alarm. */
const smallestDeviationShare = 0.02;

/**
 * Returns the baseline of the newest `baselineSamples` durations. The mean is not used: one run that takes three times as
 * long hides the slow runs after it.
 * @param durations milliseconds, oldest first: of successful runs of one job on runners of one class
 * @param atLeast how many durations are needed
 * @returns `undefined` while there are fewer
 */
export function baselineOf(durations: readonly number[], atLeast = fewestSamples): Baseline | undefined {
  const newest = durations.slice(-baselineSamples);
  if (newest.length < Math.max(1, atLeast)) return undefined;
  const median = medianOf(newest);
  const spread = medianOf(newest.map((duration) => Math.abs(duration - median)));
  const floor = Math.max(smallestDeviation, smallestDeviationShare * median);
  return {
    samples: newest.length,
    median,
    deviation: Math.max(floor, deviationsPerMedianDeviation * spread),
  };
}

/** `none`: as usual, or faster. `learning`: too few earlier runs to say. These are values of the output `regression`. */
export const regressions = ['none', 'learning', 'slower'] as const;

/** Whether a job became slower, with the figures for the sentence. Times in milliseconds. */
export type DurationJudgement =
  | { regression: 'learning'; samples: number; needed: number }
  | {
      regression: 'none' | 'slower';
      duration: number;
      baseline: Baseline;
      /** Duration divided by the median. `undefined` if the median is 0. */
      ratio: number | undefined;
      /** Duration minus the median. Negative for a faster run. */
      added: number;
      /** `added` in deviations of the baseline. */
      deviations: number;
    };

/** A run must take longer than the median by more than this share of it, */
const slowerShare = 0.5;
/** by more than this number of deviations, */
const slowerDeviations = 3.5;
/** and by at least so many milliseconds. A job with a shorter median must take twice as long. */
const smallestAddition = 10_000;

/**
 * Judges whether a run took longer than its baseline. All of three must hold, for each alone is wrong too often: the share
 * alone for every twelfth run of a job whose durations vary by 30 %, the deviations alone for jobs that always take the
 * same time.
 * @param duration milliseconds
 * @param earlier milliseconds, oldest first, as for `baselineOf`, without this run
 */
export function judgeDuration(duration: number, earlier: readonly number[]): DurationJudgement {
  const baseline = baselineOf(earlier);
  if (baseline === undefined)
    return { regression: 'learning', samples: earlier.length, needed: fewestSamples };
  const { median, deviation } = baseline;
  const added = duration - median;
  const deviations = added / deviation;
  const isSlower =
    added > slowerShare * median &&
    deviations > slowerDeviations &&
    added >= Math.min(smallestAddition, median);
  const ratio = median > 0 ? duration / median : undefined;
  return { regression: isSlower ? 'slower' : 'none', duration, baseline, ratio, added, deviations };
}

/** Returns the value in the middle, or the mean of the two there. */
function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  const [low = 0, high = 0] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}
