import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { JobPlace } from './job-place-io.ts';

/** The files of one series, in the runner's temp directory. The runner empties it between jobs. */
export interface SeriesFiles {
  directory: string;
  /** JSON lines: the head, then one sample per line. */
  series: string;
  /** Identity of the sampler process. */
  sampler: string;
  /** Stops the sampler when it exists. On Windows a signal would kill the sampler at once. */
  stop: string;
  /** The sampler creates it when it ends by itself; it contains the reason. */
  ended: string;
  report: string;
}

/** The values that identify a job on a machine. */
interface JobKey {
  repository: string;
  runId: string;
  runAttempt: number;
  /** The job's key in the workflow; jobs of a matrix share it, so the tracking id is needed too. */
  job: string;
  trackingId: string | undefined;
}

/** Returns the directory of a job's series. The name of the job cannot lead out of `temp`. */
export function seriesDirectory(temp: string, key: JobKey): string {
  const identity = JSON.stringify([key.repository, key.runId, key.runAttempt, key.job, key.trackingId]);
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 12);
  const safe = (text: string): string => text.replaceAll(/[^\w-]/g, '_').slice(0, 40);
  const name = [safe(key.runId), key.runAttempt, safe(key.job), hash].join('-');
  return join(temp, 'runner-actions', 'job-metrics', name);
}

export function seriesFiles(directory: string): SeriesFiles {
  return {
    directory,
    series: join(directory, 'series.jsonl'),
    sampler: join(directory, 'sampler.json'),
    stop: join(directory, 'stop'),
    ended: join(directory, 'ended'),
    report: join(directory, 'report.json'),
  };
}

/** The settings of the sampler, passed in an environment variable. */
export interface SamplerSettings {
  directory: string;
  /** Milliseconds. */
  interval: number;
  /** Milliseconds after which the sampler ends by itself if nothing stops it. */
  maxAge: number;
  /** Paths whose disks are measured. */
  paths: string[];
  /** What tells the job's processes from others. */
  place?: JobPlace;
  /** Number of samples after which the interval doubles, and for which each longer one lasts. */
  coarsen?: { first: number; next: number };
}

export const settingsVariable = 'RUNNER_ACTIONS_SAMPLER';

/**
 * A job on an own machine may take five days. Source: GitHub Docs, "Actions limits". The rest is for the runner's own
 * steps. The sampler also ends when the runner's worker does.
 */
export const maxAge = 121 * 3600_000;
