import { closeSync, constants, existsSync, fstatSync, openSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { processAlive } from '@runner-actions/host';
import type { Sample } from './sample.ts';
import { type SamplerSettings, seriesFiles } from './series-files.ts';

/** Milliseconds between checks for the stop file, if the interval is longer. */
const pollInterval = 500;
/** Number of samples at the first interval, and at each longer one. A job of five days has fewer than 30,000. */
export const coarsening = { first: 6_000, next: 3_000 };

/**
 * Writes samples until the series is closed or removed, the job has ended, or the maximum age is reached. It keeps no
 * samples in memory.
 */
export async function writeSamples(
  { directory, interval: first, maxAge, place, coarsen = coarsening }: SamplerSettings,
  take: () => Promise<Sample>,
): Promise<void> {
  const files = seriesFiles(directory);
  const append = appender(files.series);
  const end = performance.now() + maxAge;
  const isOver = (): boolean => place?.parent?.isWorker === true && hasEnded(place.parent);
  let [interval, left, due] = [first, coarsen.first, performance.now()];
  const signal = catchSignal();
  const load = loadMeter();
  const measured = async (): Promise<Sample> => {
    load.begin();
    const sample = await take();
    load.end();
    return sample;
  };

  while (existsSync(files.series) && !existsSync(files.stop) && !signal.caught) {
    if (performance.now() >= end || isOver()) {
      writeFileSync(files.ended, isOver() ? 'job-ended' : 'max-age', { flag: 'wx' });
      return;
    }
    if (performance.now() >= due) {
      const sample = await measured();
      const gap = Math.max(interval, load.pause());
      append(gap === first ? sample : { ...sample, interval: gap });
      left -= 1;
      if (left <= 0) [interval, left] = [interval * 2, coarsen.next];
      // Skip missed samples: the next one is due on the next multiple of the interval.
      while (due <= performance.now()) due += gap;
    }
    await Promise.race([signal.wake, wait(Math.max(1, Math.min(pollInterval, due - performance.now())))]);
  }
  // The last sample, which also tells of what ran since the one before it.
  if (existsSync(files.series)) append(await take());
}

/** Share of a CPU that samples may take. A machine with thousands of processes in a job is sampled less often. */
const mostLoad = 0.01;
/** Milliseconds. Shorter pauses would only make intervals uneven. */
const shortestPause = 1_000;
/** The first samples cost more, until their code is compiled. */
const lookedAt = 3;

/** Measures what samples cost, and says how long to pause after one. */
export function loadMeter(now: () => NodeJS.CpuUsage = () => process.cpuUsage()) {
  const costs: number[] = [];
  let before = now();
  return {
    begin: (): void => {
      before = now();
    },
    end: (): void => {
      const after = now();
      costs.push((after.user + after.system - before.user - before.system) / 1000);
      if (costs.length > lookedAt) costs.shift();
    },
    /** Milliseconds, by the cheapest of the last samples; 0 if they are cheap. */
    pause: (): number => {
      const pause = costs.length < lookedAt ? 0 : Math.round(Math.min(...costs) / mostLoad);
      return pause < shortestPause ? 0 : pause;
    },
  };
}

/** Whether the process that starts the job's steps has ended. */
function hasEnded({ pid, startTime }: { pid: number; startTime: number }): boolean {
  return processAlive(pid, startTime) === false;
}

/** Watches for SIGTERM, which ends the pause at once, and which stops the sampler where no stop file can be written. */
function catchSignal(): { caught: boolean; wake: Promise<void> } {
  const signal = { caught: false, wake: Promise.resolve() };
  signal.wake = new Promise((resolve) =>
    process.once('SIGTERM', () => {
      signal.caught = true;
      resolve();
    }),
  );
  return signal;
}

/**
 * Without `O_CREAT`, so that a removed file is not created again. Does not follow a symlink or wait for a pipe in its
 * place.
 */
const { O_WRONLY, O_APPEND, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
const existing = O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK;

/** Returns a function that appends a sample. A failed write, for example on a full disk, loses only that sample. */
function appender(path: string): (sample: Sample) => void {
  /** A failed write may have left an incomplete line, and so may another process. */
  let needsLineEnd = false;
  return (sample) => {
    try {
      const file = openSync(path, existing);
      try {
        if (!fstatSync(file).isFile()) return;
        writeFileSync(file, `${needsLineEnd ? '\n' : ''}${JSON.stringify(sample)}\n`);
      } finally {
        closeSync(file);
      }
      needsLineEnd = false;
    } catch {
      needsLineEnd = true;
    }
  };
}
