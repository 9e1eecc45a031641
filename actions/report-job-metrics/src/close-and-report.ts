import type { Step } from '@runner-actions/core';
import { type Figures, summarise } from './figures/figures.ts';
import type { Settings } from './inputs.ts';
import { findings, makeReport } from './report/report.ts';
import type { Series } from './sampling/sample.ts';
import { closeSeries } from './sampling/series-io.ts';
import { notMeasured, watchedPaths } from './measuring.ts';
import { seriesFiles } from './sampling/series-files.ts';
import type { JobSteps } from './figures/steps.ts';
import { renderSummary } from './report/summary.ts';

/** Closes the series and reports it. Returns `undefined` if it cannot: that is a warning, or an error with `strict`. */
export async function closeAndReport(
  step: Step,
  settings: Pick<Settings, 'charts' | 'strict'>,
  directory: string,
): Promise<Figures | undefined> {
  const closed = await closeSeries(directory, watchedPaths(step));
  if (closed === 'closed') {
    step.log.info('An earlier step already closed and reported the series of this job.');
    return undefined;
  }
  if (closed === 'none' || closed === 'broken') {
    notMeasured(step, settings.strict, closed === 'none' ? missing : 'The series file is invalid.');
    return undefined;
  }
  const figures = summarise(closed.series);
  const reported = { series: closed.series, figures, end: closed.end };
  const steps = settings.charts === 'mermaid' ? await readJobSteps(step, closed.series) : undefined;
  step.summary.add(renderSummary(reported, settings.charts, steps));
  for (const sentence of findings(reported)) step.log.info(sentence);
  await step.report(seriesFiles(directory).report, makeReport(reported), 0);
  return figures;
}

/** Reads the steps of the job. Call it only if charts are drawn, to limit the API calls of a large matrix. */
async function readJobSteps(step: Step, series: Series): Promise<JobSteps> {
  const { readSteps } = await import('./figures/steps-io.ts');
  return readSteps(step, series);
}

const missing =
  "No series of this job is open, so there is nothing to report. Run this action with 'when: post' in an earlier step, and do not change RUNNER_TEMP in between.";
