import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** The files of one series; they lie in the runner's temporary folder, which it empties between jobs. */
export interface SeriesFiles {
  directory: string;
  /** JSON lines: the head, then a sample each. */
  series: string;
  /** Who samples. */
  sampler: string;
  /** Tells the sampler to end; a signal would be a hard kill on Windows. */
  stop: string;
  /** Why the sampler ended by itself. */
  ended: string;
  report: string;
}

/** What tells the jobs of one machine apart. */
interface JobKey {
  repository: string;
  runId: string;
  runAttempt: number;
  /** The job's key in the workflow; jobs of a matrix share it, so the tracking id is needed too. */
  job: string;
  trackingId: string | undefined;
}

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

/** What the sampler is told, in its environment. */
export interface SamplerSettings {
  directory: string;
  /** Milliseconds. */
  interval: number;
  /** Milliseconds after which it ends by itself, should nobody stop it. */
  maxAge: number;
  /** The disks of these are watched. */
  paths: string[];
}

export const settingsVariable = 'RUNNER_ACTIONS_SAMPLER';

/** A job on GitHub's runners may take six hours; the rest is for the steps of the runner itself. */
export const maxAge = 6.5 * 3600_000;
