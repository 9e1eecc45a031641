import type { Sample, Series, SeriesHead } from '../src/sampling/sample.ts';

/** Creates a sample `seconds` after the first one. */
export function sampleAt(seconds: number, rest: Partial<Sample> = {}): Sample {
  const start = Date.UTC(2026, 0, 2, 3, 4, 5);
  return { wall: start + seconds * 1000, monotonic: 5_000 + seconds * 1000, disks: [], ...rest };
}

export function seriesOf(samples: Sample[], head: Partial<SeriesHead> = {}): Series {
  const whole: SeriesHead = {
    version: 1,
    interval: 2_000,
    cores: { value: 4, source: 'machine' },
    memory: { value: 2 ** 34, source: 'machine' },
    notes: [],
  };
  return { head: { ...whole, ...head }, samples, skipped: 0 };
}

/** Returns the CPU counters of a machine that was busy for `seconds` of `total` seconds since boot. */
export function busy(seconds: number, total: number): Pick<Sample, 'cpu'> {
  return { cpu: { user: seconds, system: 0, iowait: 0, steal: 0, idle: total - seconds } };
}
