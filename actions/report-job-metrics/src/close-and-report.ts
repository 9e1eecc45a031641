import type { Step } from '@runner-actions/core';
import { type Figures, summarise } from './figures/figures.ts';
import type { OwnJobFacts } from './figures/own-job-facts.ts';
import type { Settings } from './inputs.ts';
import { findings, makeReport, type Reported } from './report/report.ts';
import type { Series } from './sampling/sample.ts';
import { closeSeries } from './sampling/series-io.ts';
import { notMeasured, watchedPaths } from './measuring.ts';
import { seriesFiles } from './sampling/series-files.ts';
import { renderSummary } from './report/summary.ts';

/** Closes the series and reports it. Returns `undefined` if it cannot: that is a warning, or an error with `strict`. */
export async function closeAndReport(
  step: Step,
  settings: Pick<Settings, 'charts' | 'strict'>,
  directory: string,
): Promise<Reported | undefined> {
  const closed = await closeSeries(directory, watchedPaths(step));
  if (closed === 'closed') {
    step.log.info('An earlier step already closed and reported the series of this job.');
    return undefined;
  }
  if (closed === 'none' || closed === 'broken') {
    notMeasured(step, settings.strict, closed === 'none' ? missing : 'The series file is invalid.');
    return undefined;
  }
  const { series, end } = closed;
  const figures = summarise(series);
  const job = await readFacts(step, settings.charts, series, figures);
  const reported: Reported = { series, figures, end, job };
  step.summary.add(renderSummary(reported, settings.charts));
  for (const sentence of findings(reported)) step.log.info(sentence);
  await step.report(seriesFiles(directory).report, makeReport(reported), 0);
  return reported;
}

/** Asks GitHub about this job. The list of all jobs is read only if charts are drawn: one call a job is enough. */
async function readFacts(
  step: Step,
  charts: Settings['charts'],
  series: Series,
  figures: Figures,
): Promise<OwnJobFacts> {
  const { readOwnJob } = await import('./figures/own-job-io.ts');
  const { factsOf } = await import('./figures/own-job-facts.ts');
  const job = await readOwnJob(step, charts === 'mermaid');
  return 'unknown' in job ? job : factsOf(job, series, figures);
}

const missing =
  "No series of this job is open, so there is nothing to report. Run this action with 'when: post' in an earlier step, and do not change RUNNER_TEMP in between.";
