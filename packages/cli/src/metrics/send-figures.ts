import { messageOf, quote, type Step, withinDeadline, writeAccessEvents } from '@runner-actions/core';
import { readRunnerFile, runnerFolders } from '@runner-actions/host';
import { parseEndpoint, textfileName } from '@runner-actions/metrics';
import { exportFigures, type ExportRequest } from '@runner-actions/report-job-metrics/export';
import type { Series } from '@runner-actions/report-job-metrics/sample';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { HookMetrics } from './measure.ts';

/** Milliseconds for a look at the folder of the textfile, whose file system may not answer. */
const lookLimit = 2_000;

type Measured = Pick<ExportRequest['job'], 'figures' | 'cache'> & { series: Series; closedAt: number };

/**
 * Sends the figures of a job to where the policy says, if only users with write access can start its event: the names of
 * others would become labels. A pull request's job is never sent: only the file of the event tells whose it is, and the
 * job may have changed that. A hook has no token, so what GitHub tells is unknown: the class of the runner, queue time,
 * steps, the history and how the job went.
 */
export async function sendFigures(step: Step, metrics: HookMetrics, measured: Measured): Promise<void> {
  const { pushgateway, 'textfile-directory': folder } = metrics;
  if (pushgateway === undefined && folder === undefined) return;
  const { eventName } = step.job;
  if (!writeAccessEvents.includes(eventName))
    return step.log.info(
      `The metrics are not sent: the event ${quote(eventName)} may run a stranger's code.`,
    );
  const request = requestOf(step, measured);
  const runner = { ...step.job.runner, name: lastingName(step.job) };
  const lasting = { ...step, job: { ...step.job, runner } };
  const isWritten = folder !== undefined && (await wroteJob(lasting, folder, request.start));
  if (isWritten)
    step.log.info('The textfile stays as the action report-job-metrics wrote it in this job: it tells more.');
  const endpoint = pushgateway === undefined ? undefined : parseEndpoint('pushgateway', pushgateway);
  const destinations = { pushgateway: endpoint, otlp: undefined };
  const textfileDirectory = isWritten ? undefined : folder;
  await exportFigures(lasting, destinations, { textfileDirectory, otlpTraces: false }, request);
}

/**
 * Returns what names the textfile, and the runner in it. An ephemeral runner has a new name for each job, so it is named by
 * its folder: else each job would leave a file, and a series.
 */
function lastingName(job: Step['job']): string {
  const { root } = runnerFolders(job);
  return root !== undefined && readRunnerFile(root)?.ephemeral === true ? root : job.runner.name;
}

function requestOf({ job }: Step, { series, closedAt, ...measured }: Measured): ExportRequest {
  const [first] = series.samples;
  const start = first?.wall ?? Date.now();
  // The monotonic clock is never set.
  const end = start + (first ? Math.max(0, closedAt - first.monotonic) : 0);
  return {
    job: {
      ...{ cost: undefined, comparison: undefined, queueSeconds: undefined, conclusion: undefined },
      ...measured,
      memoryLimitBytes: series.head.memory.value,
      ...{ durationSeconds: (end - start) / 1000, endedAt: end / 1000 },
    },
    ...{ name: job.name, jobId: undefined, runnerClass: 'unknown' },
    ...{ start, end, steps: [], stepsFrom: start },
  };
}

/**
 * Returns whether a step of this job wrote the textfile of this runner. A runner has one job at a time, so a file that is
 * younger than the job is the job's.
 */
async function wroteJob({ job, deadline, log }: Step, folder: string, start: number): Promise<boolean> {
  const path = join(folder, textfileName(job.runner.name));
  try {
    const entry = await withinDeadline(
      lstat(path),
      deadline.limit(lookLimit),
      `its file system did not answer within ${lookLimit / 1000} s`,
    );
    return entry.isFile() && entry.mtimeMs >= start && entry.mtimeMs <= Date.now();
  } catch (error) {
    // The usual case: there is none yet. What else is wrong shows when it is written.
    log.debug(`${path} cannot be looked at: ${messageOf(error)}`);
    return false;
  }
}
