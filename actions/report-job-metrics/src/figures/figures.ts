import { type FullestDisk, nameFullestDisk } from './fullest-disk.ts';
import { fullestDisk, type Point, type Stall, toPoints } from './points.ts';
import type { Sample, Series } from '../sampling/sample.ts';

export interface Range {
  min: number;
  /** Weighted by time. */
  mean: number;
  max: number;
}

/** How the sampler ended: it was stopped, it reached its maximum run time, or it died. */
export type SamplerEnd = 'stopped' | 'max-age' | 'lost';

/** The metrics of a series. A metric that could not be measured is `undefined`. */
export interface Figures {
  samples: number;
  durationSeconds: number;
  cpu: Range | undefined;
  memory: Range | undefined;
  /** What the job itself used, of the same CPUs and memory. */
  jobCpu: Range | undefined;
  /** CPU time of the job itself. */
  jobCpuSeconds: number | undefined;
  jobMemory: Range | undefined;
  disk: Range | undefined;
  /** The disk with the highest usage in any sample, as `df` counts it. */
  fullestDisk: FullestDisk | undefined;
  received: Range | undefined;
  sent: Range | undefined;
  /** Bytes per second that the machine read from and wrote to its disks. */
  read: Range | undefined;
  written: Range | undefined;
  cpuPressure: Range | undefined;
  memoryPressure: Range | undefined;
  ioPressure: Range | undefined;
  networkBytes: number | undefined;
  receivedBytes: number | undefined;
  sentBytes: number | undefined;
  readBytes: number | undefined;
  writtenBytes: number | undefined;
  oomKills: number | undefined;
  throttledSeconds: number | undefined;
  /**
   * The longest uninterrupted time, in seconds, during which all tasks waited for memory for more than 10% of the time.
   */
  thrashSeconds: number;
  points: Point[];
  stalls: Stall[];
}

const thrashShare = 0.1;

/** Computes the metrics of a series. */
export function summarise(series: Series): Figures {
  const { points, stalls } = toPoints(series);
  const { samples, head } = series;
  const [first, last] = [samples[0], samples.at(-1)];
  const of = (name: keyof Point): Range | undefined => rangeOf(points, name);
  const memoryOf = (sample: Sample): number | undefined =>
    head.memory.source === 'cgroup' ? sample.cgroup?.workingSetBytes : sample.memory?.usedBytes;
  return {
    samples: samples.length,
    durationSeconds: first && last ? (last.monotonic - first.monotonic) / 1000 : 0,
    cpu: of('cpu'),
    memory: withSamples(of('memoryBytes'), samples.map(memoryOf)),
    jobCpu: of('jobCpu'),
    jobCpuSeconds: samples.findLast(({ job }) => job !== undefined)?.job?.cpuSeconds,
    jobMemory: withSamples(
      of('jobMemoryBytes'),
      samples.map(({ job }) => job?.memoryBytes),
    ),
    disk: withSamples(of('disk'), samples.map(fullestDisk)),
    fullestDisk: nameFullestDisk(samples),
    received: of('receivedPerSecond'),
    sent: of('sentPerSecond'),
    read: of('readPerSecond'),
    written: of('writtenPerSecond'),
    cpuPressure: of('cpuPressure'),
    memoryPressure: of('memoryPressure'),
    ioPressure: of('ioPressure'),
    networkBytes: grown(samples, ({ network }) => network && network.receivedBytes + network.sentBytes),
    receivedBytes: grown(samples, ({ network }) => network?.receivedBytes),
    sentBytes: grown(samples, ({ network }) => network?.sentBytes),
    readBytes: grown(samples, ({ diskTraffic }) => diskTraffic?.readBytes),
    writtenBytes: grown(samples, ({ diskTraffic }) => diskTraffic?.writtenBytes),
    oomKills: grown(samples, ({ cgroup }) => cgroup?.oomKills),
    throttledSeconds: grown(samples, ({ cgroup }) => cgroup?.throttledSeconds),
    thrashSeconds: longestThrash(points),
    points,
    stalls,
  };
}

function rangeOf(points: readonly Point[], name: keyof Point): Range | undefined {
  let [min, max, sum, seconds] = [Infinity, -Infinity, 0, 0];
  for (const point of points) {
    const value = point[name];
    if (value === undefined) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value * point.seconds;
    seconds += point.seconds;
  }
  return seconds === 0 ? undefined : { min, mean: sum / seconds, max };
}

/**
 * Extends the range of a level by the values of all samples. A level is known at every sample, a rate only between two:
 * not at the first sample, nor at the ends of a stall.
 */
function withSamples(range: Range | undefined, values: readonly (number | undefined)[]): Range | undefined {
  const known = values.filter((value) => value !== undefined);
  const min = known.reduce((least, value) => Math.min(least, value), Infinity);
  const max = known.reduce((most, value) => Math.max(most, value), -Infinity);
  const mean = range?.mean ?? known.reduce((sum, value) => sum + value, 0) / known.length;
  return known.length === 0 ? undefined : { min, mean, max };
}

/** Returns how much a counter grew over all samples. After a reset it counts on from the new value. */
function grown(
  samples: readonly Sample[],
  counter: (sample: Sample) => number | undefined,
): number | undefined {
  const values = samples.map(counter).filter((value) => value !== undefined);
  if (values.length < 2) return undefined;
  return values.reduce((sum, value, index) => sum + Math.max(0, value - (values[index - 1] ?? value)), 0);
}

function longestThrash(points: readonly Point[]): number {
  let [longest, current] = [0, 0];
  for (const { memoryPressure = 0, seconds } of points) {
    current = memoryPressure > thrashShare ? current + seconds : 0;
    longest = Math.max(longest, current);
  }
  return longest;
}

/**
 * Returns the outputs for `when: now`, without metrics that could not be measured.
 * @param queueSeconds `undefined` if GitHub does not tell
 */
export function outputsOf(figures: Figures, queueSeconds?: number): Record<string, string> {
  const { cpu, memory, jobCpuSeconds, jobMemory, disk, networkBytes, durationSeconds } = figures;
  const ratio = (value: number | undefined): string | undefined => value?.toFixed(4);
  const whole = (value: number | undefined): string | undefined => value?.toFixed(0);
  const all = {
    'cpu-mean-ratio': ratio(cpu?.mean),
    'cpu-peak-ratio': ratio(cpu?.max),
    'memory-peak-bytes': whole(memory?.max),
    'job-cpu-seconds': jobCpuSeconds?.toFixed(2),
    'job-memory-peak-bytes': whole(jobMemory?.max),
    'disk-peak-ratio': ratio(disk?.max),
    'network-bytes': whole(networkBytes),
    'duration-seconds': durationSeconds.toFixed(1),
    'queue-seconds': whole(queueSeconds),
  };
  const known = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(known);
}
