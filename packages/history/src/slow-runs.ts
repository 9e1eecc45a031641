import { baselineOf, baselineSamples, fewestSamples } from './baseline.ts';
import { durationOf } from './clean-jobs.ts';
import type { PastJob } from './history.ts';
import { runnerClass } from './runner-class.ts';

/** When a run is slow, and how many slow runs in a row are a signal. */
export interface SlowRule {
  /** A run is slow if it takes longer than the median of its baseline by this factor. */
  above: number;
  runs: number;
  /** How many earlier runs a baseline needs. */
  atLeast: number;
}

/** A doubled duration is no noise, and three in a row no accident. */
export const rollbackRule: SlowRule = { above: 2, runs: 3, atLeast: fewestSamples };

/** One successful run of a job. */
export interface SuccessfulRun {
  runId: number;
  /** Which job ran: the workflow file, and the full name, which has the values of a matrix. */
  job: string;
  /** See `runnerClass`. Runs are compared only with runs of the same job on the same class. */
  runnerClass: string;
  /** Milliseconds. */
  duration: number;
  /** Milliseconds since the epoch. */
  endedAt: number;
}

/**
 * Returns the successful jobs as runs, in the order in which they ended. A job that ran several times in one run counts
 * once, with its newest attempt. Failed, cancelled and skipped jobs are left out: they end early, or wait for a timeout.
 */
export function successfulRuns(jobs: readonly PastJob[]): SuccessfulRun[] {
  const newest = new Map<string, { id: number; run: SuccessfulRun }>();
  for (const job of jobs) {
    const run = runOf(job);
    if (run === undefined) continue;
    const key = JSON.stringify([run.runId, run.job, run.runnerClass]);
    const known = newest.get(key);
    if (known === undefined || job.id > known.id) newest.set(key, { id: job.id, run });
  }
  return [...newest.values()].map(({ run }) => run).sort((one, other) => one.endedAt - other.endedAt);
}

function runOf(job: PastJob): SuccessfulRun | undefined {
  const { runId, name, workflowPath = '', conclusion, completedAt } = job;
  const duration = durationOf(job);
  if (conclusion !== 'success' || duration === undefined || completedAt === undefined) return undefined;
  return {
    ...{ runId, job: JSON.stringify([workflowPath, name]), runnerClass: runnerClass(job) },
    ...{ duration, endedAt: completedAt },
  };
}

/**
 * Compares each run with the baseline of the runs before it, and returns its duration divided by the median, in the same
 * order; `undefined` while the baseline is learning. The newest slow runs in a row, fewer than make a signal, join the
 * baseline only after a good run. So the first slow runs do not hide the next.
 * @param runs in the order in which they ended
 */
export function slownessOf(runs: readonly SuccessfulRun[], rule: SlowRule): (number | undefined)[] {
  const histories = new Map<string, { usual: number[]; slow: number[] }>();
  return runs.map(({ job, runnerClass: own, duration }) => {
    const key = JSON.stringify([job, own]);
    const { usual, slow } = histories.get(key) ?? { usual: [], slow: [] };
    const median = baselineOf(usual, rule.atLeast)?.median ?? 0;
    const ratio = median > 0 ? duration / median : undefined;
    const row = [...slow, duration];
    const waiting = isSlow(ratio, rule) ? row.slice(Math.max(0, row.length - rule.runs + 1)) : [];
    const joining = row.slice(0, row.length - waiting.length);
    const next = { usual: [...usual, ...joining].slice(-baselineSamples), slow: waiting };
    histories.set(key, next);
    return ratio;
  });
}

/** Returns whether a run is slow; `false` while its baseline is learning. */
export function isSlow(ratio: number | undefined, { above }: SlowRule): boolean {
  return ratio !== undefined && ratio > above;
}

/** Whether a job became so slow that the newest change should be taken back. */
export interface RollbackSignal {
  /** Whether the newest run is the one that gives the signal. True for one run only. */
  rollback: boolean;
  /** Whether a signal was given, and no three good runs in a row have followed. True for the newest run as well. */
  isLatched: boolean;
  /** How many of the newest runs in a row are slow. */
  slowRuns: number;
}

/**
 * Decides from the runs of one job on runners of one class whether they call for a rollback: `rule.runs` slow runs in a
 * row. The signal is latched until as many good runs in a row have followed. Nothing is stored: each call goes through
 * all given runs again. So an older signal is known only as far as the runs reach back, and two runs that end at the same
 * time, neither of which sees the other, may each be the third.
 */
export function rollbackSignal(runs: readonly SuccessfulRun[], rule = rollbackRule): RollbackSignal {
  let [rollback, isLatched, slowRuns, goodRuns] = [false, false, 0, 0];
  for (const ratio of slownessInHindsight(runs, rule)) {
    slowRuns = isSlow(ratio, rule) ? slowRuns + 1 : 0;
    goodRuns = ratio === undefined || slowRuns > 0 ? 0 : goodRuns + 1;
    const wasLatched = isLatched && goodRuns < rule.runs;
    rollback = !wasLatched && slowRuns >= rule.runs;
    isLatched = wasLatched || rollback;
  }
  return { rollback, isLatched, slowRuns };
}

/**
 * As `slownessOf`, but the oldest runs, before which there was no baseline, are compared with the first baseline, which
 * they make. They may be the slow runs that gave an earlier signal, after which older runs were no longer read.
 */
function slownessInHindsight(runs: readonly SuccessfulRun[], rule: SlowRule): (number | undefined)[] {
  const ratios = slownessOf(runs, rule);
  const first = ratios.findIndex((ratio) => ratio !== undefined);
  const oldest = runs.slice(0, Math.max(0, first)).map(({ duration }) => duration);
  const median = baselineOf(oldest, rule.atLeast)?.median ?? 0;
  return ratios.map((ratio, index) => (index < first && median > 0 ? (oldest[index] ?? 0) / median : ratio));
}
