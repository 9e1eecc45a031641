import { messageOf, type Step } from '@runner-actions/core';
import type { RunJob } from '@runner-actions/github';
import { runnerClass } from '@runner-actions/history';
import { readDestinations, readJobStatus, type Settings } from '../inputs.ts';
import type { TimedReport } from '../report/report.ts';

/** Sends the figures to where the settings say. */
export async function sendReported(
  step: Step,
  settings: Pick<Settings, 'pushgateway' | 'textfileDirectory' | 'otlpTraces'> & {
    whyNotSent: string | undefined;
  },
  reported: TimedReport,
  own: RunJob | undefined,
): Promise<void> {
  try {
    const destinations = await readDestinations(step.inputs, settings.pushgateway);
    const { pushgateway, otlp } = destinations;
    if (pushgateway === undefined && otlp === undefined && settings.textfileDirectory === undefined) return;
    const { whyNotSent } = settings;
    if (whyNotSent !== undefined) return step.log.info(`The metrics are not sent: ${whyNotSent}.`);
    const { exportFigures } = await import('./export-io.ts');
    await exportFigures(step, destinations, settings, requestOf(step, reported, own));
  } catch (error) {
    step.annotate('warning', `The metrics were not sent: ${messageOf(error)}`);
  }
}

function requestOf(step: Step, reported: TimedReport, own: RunJob | undefined) {
  const { figures, series, time, cost, comparison, cache, job } = reported;
  const known = job === undefined || 'unknown' in job ? undefined : job;
  const end = time.startedAt + time.milliseconds;
  return {
    job: {
      ...{ figures, cost, comparison, cache },
      durationSeconds: time.milliseconds / 1000,
      queueSeconds: known?.queue?.seconds,
      memoryLimitBytes: series.head.memory.value,
      conclusion: readJobStatus(step.inputs),
      endedAt: end / 1000,
    },
    ...{ name: own?.name ?? step.job.name, jobId: own?.id },
    runnerClass: own === undefined ? 'unknown' : runnerClass(own),
    ...{ start: time.startedAt, end },
    steps: known?.steps ?? [],
    stepsFrom: series.samples[0]?.wall ?? time.startedAt,
  };
}
