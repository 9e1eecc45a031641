import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { makeFolder, writeFileAtomic } from '@runner-actions/core';
import { readRegularFile } from '@runner-actions/host';
import type { SamplerEnd } from '../figures/figures.ts';
import { parseSeries, type Series } from './sample.ts';
import { jobPlace } from './job-place-io.ts';
import { describeMachine, monotonicNow, openMachine } from './sample-io.ts';
import { isRunning, readIdentity, startSampler, stopSampler } from './sampler-process-io.ts';
import { maxAge, type SamplerSettings, seriesFiles } from './series-files.ts';

interface OpenRequest {
  directory: string;
  interval: number;
  paths: string[];
  /** The sampler's script. */
  script: string;
  environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Opens the job's series: takes the first sample and starts the sampler.
 * @returns false if the series is already open, so that a second step with this action joins it
 * @throws Error if the files cannot be written or the sampler cannot be started
 */
export async function openSeries(request: OpenRequest): Promise<boolean> {
  const { directory, interval, paths } = request;
  const files = seriesFiles(directory);
  const identity = readIdentity(files);
  if (identity !== undefined && !existsSync(files.stop) && isRunning(identity)) return false;
  await makeFolder(directory);
  // Remove the files of an earlier, closed series of this job.
  for (const left of [files.stop, files.ended, files.report, files.sampler]) await rm(left, { force: true });
  // The sampler looks at the disks: one that is dead would keep this process from its end.
  const lines = [describeMachine(interval), await openMachine([]).read()].map(
    (line) => `${JSON.stringify(line)}\n`,
  );
  await writeFileAtomic(files.series, lines.join(''), { mode: 0o600 });
  const { RUNNER_TRACKING_ID: trackingId, RUNNER_TEMP: temp } = request.environment;
  const place = jobPlace(trackingId, temp);
  const settings: SamplerSettings = { directory, interval, maxAge, paths, place };
  await startSampler(request.script, settings, files, request.environment);
  return true;
}

interface ClosedSeries {
  series: Series;
  /** Of the machine's monotonic clock, in milliseconds. */
  closedAt: number;
  end: SamplerEnd;
}

/** Why there is nothing to report: no series was opened, it was already reported, or its file is invalid. */
type NoSeries = 'none' | 'closed' | 'broken';

/**
 * Stops the sampler and reads the series. Adds a last sample, so that a short job has two. If the sampler died earlier
 * and wrote at least two samples, adds none, because nothing is known about the time in between.
 */
export async function closeSeries(directory: string): Promise<ClosedSeries | NoSeries> {
  const files = seriesFiles(directory);
  if (!existsSync(files.series)) return 'none';
  if (existsSync(files.stop)) return 'closed';
  const closedAt = monotonicNow();
  const wasRunning = await stopSampler(files);
  const aged = existsSync(files.ended);
  const series = parseSeries(await readCapped(files.series), monotonicNow());
  if (series === undefined) return 'broken';
  if (series.samples.length < 2) series.samples.push(await openMachine([]).read());
  // A sampler that hung, or could not write, took no last sample.
  const ended = wasRunning && !isLate(series, closedAt) ? 'stopped' : 'lost';
  return { series, closedAt, end: aged ? 'max-age' : ended };
}

/** A gap of more than this many intervals cannot be the usual one. */
const lateIntervals = 3;

function isLate({ head, samples }: Series, closedAt: number): boolean {
  const last = samples.at(-1);
  const interval = Math.max(last?.interval ?? 0, head.interval);
  return last !== undefined && closedAt - last.monotonic > lateIntervals * interval;
}

/** Bytes. More than the sampler writes in its maximum run time with the shortest interval. */
const maxSeriesBytes = 40 * 2 ** 20;

/** Reads a file up to a limit. Other steps of the job may write to the file or replace it. */
async function readCapped(path: string): Promise<string> {
  const found = await readRegularFile(path, maxSeriesBytes, 'cut').catch(() => '');
  return Buffer.isBuffer(found) ? found.toString('utf8') : '';
}
