import type { Step } from '@runner-actions/core';
import { type Figures, summarise } from './figures.ts';
import type { Settings } from './inputs.ts';
import { findings, makeReport } from './report.ts';
import type { Series } from './sample.ts';
import { closeSeries } from './series-io.ts';
import { notMeasured, watchedPaths } from './measuring.ts';
import { seriesFiles } from './series-files.ts';
import type { JobSteps } from './steps.ts';
import { renderSummary } from './summary.ts';

/** Closes the series and reports it. `undefined`: it was not open, which is a warning, or an error when strict. */
export async function closeAndReport(
  step: Step,
  settings: Pick<Settings, 'charts' | 'strict'>,
  directory: string,
): Promise<Figures | undefined> {
  const closed = await closeSeries(directory, watchedPaths(step));
  if (closed === 'closed') {
    step.log.info('An earlier step has closed and reported the series of this job.');
    return undefined;
  }
  if (closed === 'none' || closed === 'broken') {
    notMeasured(step, settings.strict, closed === 'none' ? missing : 'The file of the series is broken.');
    return undefined;
  }
  const figures = summarise(closed.series);
  const reported = { series: closed.series, figures, end: closed.end };
  const steps = settings.charts === 'mermaid' ? await askForSteps(step, closed.series) : undefined;
  step.summary.add(renderSummary(reported, settings.charts, steps));
  for (const sentence of findings(reported)) step.log.info(sentence);
  await step.report(seriesFiles(directory).report, makeReport(reported), 0);
  return figures;
}

/** Only for the charts, of which a matrix has few: each of its jobs asks. */
async function askForSteps(step: Step, series: Series): Promise<JobSteps> {
  const { readSteps } = await import('./steps-io.ts');
  return readSteps(step, series);
}

const missing =
  "No series of this job is open, so that there is nothing to report. A step with this action and 'when: post' opens one; RUNNER_TEMP must stay as it is in between.";
