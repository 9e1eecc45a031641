import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { makeFolder, writeFileAtomic } from '@runner-actions/core';
import { readRegularFile } from '@runner-actions/host';
import type { SamplerEnd } from './figures.ts';
import { parseSeries, type Series } from './sample.ts';
import { describeMachine, takeSample } from './sample-io.ts';
import { isAlive, readIdentity, startSampler, stopSampler } from './sampler-io.ts';
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
 * Opens the job's series: takes the first sample and starts the sampler. Answers false when the series is open already,
 * so that a second step with this action joins it. @throws Error when nothing can be written or started.
 */
export async function openSeries(request: OpenRequest): Promise<boolean> {
  const { directory, interval, paths } = request;
  const files = seriesFiles(directory);
  const identity = readIdentity(files);
  if (identity !== undefined && !existsSync(files.stop) && isAlive(identity)) return false;
  await makeFolder(directory);
  // What an earlier series of this job left: a series that was closed may be followed by another one.
  for (const left of [files.stop, files.ended, files.report, files.sampler]) await rm(left, { force: true });
  const first = await takeSample(paths);
  const lines = [describeMachine(interval), first].map((line) => `${JSON.stringify(line)}\n`);
  await writeFileAtomic(files.series, lines.join(''), { mode: 0o600 });
  const settings: SamplerSettings = { directory, interval, maxAge, paths };
  await startSampler(request.script, settings, files, request.environment);
  return true;
}

interface ClosedSeries {
  series: Series;
  end: SamplerEnd;
}

/** Why there is nothing to report: nobody opened a series, it was reported already, or its file is broken. */
type NoSeries = 'none' | 'closed' | 'broken';

/**
 * Stops the sampler and reads what it wrote. A last sample is taken here, so that a short job has two; after a sampler
 * that died nothing is added, since the time in between is not known.
 */
export async function closeSeries(
  directory: string,
  paths: readonly string[],
): Promise<ClosedSeries | NoSeries> {
  const files = seriesFiles(directory);
  if (!existsSync(files.series)) return 'none';
  if (existsSync(files.stop)) return 'closed';
  const wasRunning = await stopSampler(files);
  const aged = existsSync(files.ended);
  const series = parseSeries(await readCapped(files.series));
  if (series === undefined) return 'broken';
  if (wasRunning || series.samples.length < 2) series.samples.push(await takeSample(paths));
  return { series, end: wasRunning ? 'stopped' : aged ? 'max-age' : 'lost' };
}

/** More than the shortest interval writes until the sampler's greatest age. Bytes. */
const mostBytes = 64 * 2 ** 20;

/** The start of a file: other steps of the job may write to it too, or put something else in its place. */
async function readCapped(path: string): Promise<string> {
  const found = await readRegularFile(path, mostBytes, 'cut').catch(() => '');
  return Buffer.isBuffer(found) ? found.toString('utf8') : '';
}
