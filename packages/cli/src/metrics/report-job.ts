import { type Step, withinDeadline } from '@runner-actions/core';
import { readCacheUse } from '@runner-actions/report-job-metrics/cache';
import { summarise } from '@runner-actions/report-job-metrics/figures';
import { findings } from '@runner-actions/report-job-metrics/findings';
import { closeSeries } from '@runner-actions/report-job-metrics/series';
import type { HookMetrics } from './measure.ts';
import { sendFigures } from './send-figures.ts';
import { seriesDirectoryOf } from './series-directory.ts';
import { useSentence } from './use-sentence.ts';

/** Milliseconds to stop the sampler, which is killed after 3 s, and to read its samples. */
const closeLimit = 6_000;

/**
 * Closes the series of a job, writes what the job used to its log, and sends the figures to where the policy says.
 * @throws Error if the samples cannot be read in time
 */
export async function reportJob(step: Step, metrics: HookMetrics): Promise<void> {
  const closed = await withinDeadline(
    closeSeries(seriesDirectoryOf(step)),
    step.deadline.limit(closeLimit),
    `its samples could not be read within ${closeLimit / 1000} s`,
  );
  // It is the job's own doing, or the policy has changed meanwhile: nobody need act.
  if (typeof closed === 'string') return step.log.info(`This job was not measured: ${why[closed]}.`);
  const { series, closedAt } = closed;
  const figures = summarise(series);
  step.log.info(useSentence(figures, series.head.cores.value));
  for (const sentence of findings({ ...closed, figures })) step.log.info(sentence);
  await sendFigures(step, metrics, { series, closedAt, figures, cache: readCacheUse(step.job.temp) });
}

/** Why there are no samples. */
const why = {
  none: 'the hook for its start took no samples, or the job removed them',
  closed: 'its samples were reported before',
  broken: 'something else stands in the file of its samples',
};
