import { messageOf, type Step } from '@runner-actions/core';
import type { RunJob } from '@runner-actions/github';
import { readCacheUse } from './cache/cache-use-io.ts';
import { summarise } from './figures/figures.ts';
import type { Settings } from './inputs.ts';
import { findings, makeReport, type Reported, type TimedReport } from './report/report.ts';
import type { Series } from './sampling/sample.ts';
import { closeSeries } from './sampling/series-io.ts';
import { notMeasured } from './measuring.ts';
import { seriesFiles } from './sampling/series-files.ts';
import { renderSummary } from './report/summary.ts';

/**
 * Closes the series and reports it. Returns `undefined` if it cannot: that is a warning, or an error with `strict`.
 * @param whyNotSent why the figures may not be sent; `undefined` if they may
 */
export async function closeAndReport(
  step: Step,
  settings: Settings,
  directory: string,
  whyNotSent: string | undefined,
): Promise<Reported | undefined> {
  const closed = await closeSeries(directory);
  if (closed === 'closed') {
    step.log.info('An earlier step already closed and reported the series of this job.');
    return undefined;
  }
  if (closed === 'none' || closed === 'broken') {
    notMeasured(step, settings.strict, closed === 'none' ? missing : 'The series file is invalid.');
    return undefined;
  }
  const { own, ...reported } = await gather(step, settings, closed);
  step.summary.add(renderSummary(reported, settings.charts));
  for (const sentence of findings(reported)) step.log.info(sentence);
  await step.report(seriesFiles(directory).report, makeReport(reported), 0);
  const { sendReported } = await import('./export/send.ts');
  await sendReported(step, { ...settings, whyNotSent }, reported, own);
  return reported;
}

/** Joins the series with what GitHub says about the job, its cost, and its history. */
async function gather(
  step: Step,
  settings: Settings,
  { series, end, closedAt }: Pick<Reported, 'series' | 'end'> & { closedAt: number },
): Promise<TimedReport & { own: RunJob | undefined }> {
  const [{ readOwnJob }, { factsOf }, { readJobCost }, { readComparison }] = await Promise.all([
    import('./figures/own-job-io.ts'),
    import('./figures/own-job-facts.ts'),
    import('./cost/job-cost-io.ts'),
    import('./comparison/comparison-io.ts'),
  ]);
  const figures = summarise(series);
  // The list of all jobs is read only if charts are drawn: one call a job is enough.
  const answer = await readOwnJob(step, settings.charts === 'mermaid');
  const own = 'unknown' in answer ? undefined : answer;
  const time = timeOf(own, series, closedAt);
  const [cost, comparison] = await Promise.all([
    readJobCost(step, settings, own, time).catch((error: unknown) => warnOfCost(step, error)),
    readComparison(step, settings, answer, time.milliseconds),
  ]);
  const cache = readCacheUse(step.job.temp);
  const job = 'unknown' in answer ? answer : factsOf(answer, series, figures);
  return {
    series,
    figures,
    end,
    time,
    job,
    ...(cost && { cost }),
    ...(cache && { cache }),
    ...(comparison && { comparison }),
    own,
  };
}

function warnOfCost(step: Step, error: unknown): undefined {
  step.annotate('warning', `The cost of this job is unknown: ${messageOf(error)}`);
}

/**
 * Returns when the job started, and how long it has run. Without GitHub's time, it started with the first sample. The time
 * since then is that of the clock that is never set, also if the sampler ended earlier.
 */
function timeOf(
  own: Pick<RunJob, 'startedAt'> | undefined,
  { samples }: Series,
  closedAt: number,
): TimedReport['time'] {
  const [first] = samples;
  const measured = first === undefined ? 0 : Math.max(0, closedAt - first.monotonic);
  const startedAt = Math.min(own?.startedAt ?? Infinity, first?.wall ?? Date.now());
  return { startedAt, milliseconds: Math.max(0, (first?.wall ?? startedAt) - startedAt) + measured };
}

const missing =
  "No series of this job is open, so there is nothing to report. Run this action with 'when: post' in an earlier step, and do not change RUNNER_TEMP in between.";
