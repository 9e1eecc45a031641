import { formatDuration } from '@runner-actions/core';
import type { JobComparison } from '@runner-actions/history';

/** How this job compares with its history, or why that is unknown. */
export type Comparison = JobComparison | { unknown: string };

/** Returns sentences about what is wrong, as plain text. */
export function comparisonProblems(comparison: Comparison | undefined): string[] {
  if (comparison === undefined || 'unknown' in comparison) return [];
  const { duration, rollback, success } = comparison;
  const sentences: string[] = [];
  if (duration?.regression === 'slower')
    sentences.push(
      `This job took ${formatDuration(duration.duration)}: ${formatDuration(duration.added)} longer than the median of its last ${duration.baseline.samples} successful runs, ${formatDuration(duration.baseline.median)}.`,
    );
  if (rollback.rollback || rollback.isLatched)
    sentences.push(
      `${rollback.slowRuns} runs in a row took more than twice as long as usual. ${rollback.rollback ? 'Consider a rollback.' : 'The signal for a rollback is still on.'}`,
    );
  if (success.verdict === 'low')
    sentences.push(
      `Only ${success.good} of ${success.good + success.bad} runs of this job succeeded in the last 24 hours (${success.leftOut} cancelled or skipped ones do not count).`,
    );
  return sentences;
}

/**
 * Returns a sentence that compares the duration, as plain text; `undefined` if `comparisonProblems` says it.
 * @param milliseconds how long the job ran
 */
export function comparisonSentence(
  comparison: Comparison | undefined,
  milliseconds: number,
): string | undefined {
  if (comparison === undefined) return undefined;
  const took = `Duration: ${formatDuration(milliseconds)}`;
  if ('unknown' in comparison)
    return `${took}. Not compared with earlier runs, because ${comparison.unknown}.`;
  const { duration } = comparison;
  if (duration === undefined) return `${took}. Not compared, because the job did not succeed.`;
  if (duration.regression === 'learning')
    return `${took}. Not compared yet: it needs ${duration.needed} earlier successful runs, and there are ${duration.samples}.`;
  if (duration.regression === 'slower') return undefined;
  const { baseline } = duration;
  return `${took}; the median of the last ${baseline.samples} successful runs is ${formatDuration(baseline.median)}.`;
}

/** Returns a line about what was odd in the history, as plain text; `undefined` if nothing was. */
export function qualitySentence(comparison: Comparison | undefined): string | undefined {
  if (comparison === undefined || 'unknown' in comparison) return undefined;
  const { copies, negativeWaits, unknownWaits, unknownDurations } = comparison.quality;
  const found: [number, string][] = [
    [copies, 'copies of re-runs were left out'],
    [negativeWaits, 'negative waits count as 0'],
    [unknownWaits, 'waits are unknown'],
    [unknownDurations, 'durations are unknown'],
  ];
  const told = found.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return told.length === 0 ? undefined : `Data quality of the history: ${told.join(', ')}.`;
}
