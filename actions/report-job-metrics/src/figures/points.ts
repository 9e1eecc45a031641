import { shareByDf } from './fullest-disk.ts';
import type { Sample, Series } from '../sampling/sample.ts';

/** The metrics between two samples. A metric that could not be measured is omitted. */
export interface Point {
  /** Seconds from the first sample to the end of this point. */
  at: number;
  /** How long the point lasted, in seconds. */
  seconds: number;
  /** Used share of the CPUs, from 0 to 1, and its parts. */
  cpu?: number;
  user?: number;
  system?: number;
  iowait?: number;
  steal?: number;
  /** Share of the CPUs that the job itself used, from 0 to 1. */
  jobCpu?: number;
  memoryBytes?: number;
  anonymousBytes?: number;
  /** Anonymous memory of the job itself. */
  jobMemoryBytes?: number;
  /** Used share of the fullest disk. */
  disk?: number;
  receivedPerSecond?: number;
  sentPerSecond?: number;
  /** Shares of time in which tasks waited. */
  cpuPressure?: number;
  memoryPressure?: number;
  ioPressure?: number;
  /** Number of other jobs on this machine. */
  neighbours?: number;
  readPerSecond?: number;
  writtenPerSecond?: number;
}

/** A gap without samples, because the machine was suspended or hung. Seconds from the first sample. */
export interface Stall {
  from: number;
  to: number;
}

/** A gap of more than this many intervals is a stall. It has no points, because nothing was measured. */
const stallIntervals = 3;

/** Computes a point for each pair of successive samples, and the stalls. */
export function toPoints({ head, samples }: Series): { points: Point[]; stalls: Stall[] } {
  const points: Point[] = [];
  const stalls: Stall[] = [];
  const origin = samples[0]?.monotonic ?? 0;
  for (const [index, sample] of samples.entries()) {
    const before = samples[index - 1];
    if (before === undefined) continue;
    const seconds = (sample.monotonic - before.monotonic) / 1000;
    const at = (sample.monotonic - origin) / 1000;
    const interval = Math.max(before.interval ?? 0, sample.interval ?? 0, head.interval);
    if (seconds * 1000 > stallIntervals * interval) stalls.push({ from: at - seconds, to: at });
    else if (seconds > 0) points.push({ at, seconds, ...measure(before, sample, seconds, head) });
  }
  return { points, stalls };
}

function measure(before: Sample, now: Sample, seconds: number, head: Series['head']): Partial<Point> {
  const measured = {
    ...cpuShares(before, now, seconds, head),
    memoryBytes: head.memory.source === 'cgroup' ? now.cgroup?.workingSetBytes : now.memory?.usedBytes,
    anonymousBytes: now.cgroup?.anonymousBytes,
    jobCpu: share(before.job?.cpuSeconds, now.job?.cpuSeconds, seconds * head.cores.value),
    jobMemoryBytes: now.job?.memoryBytes,
    neighbours: now.neighbours,
    disk: fullestDisk(now),
    receivedPerSecond: rate(before.network?.receivedBytes, now.network?.receivedBytes, seconds),
    sentPerSecond: rate(before.network?.sentBytes, now.network?.sentBytes, seconds),
    readPerSecond: rate(before.diskTraffic?.readBytes, now.diskTraffic?.readBytes, seconds),
    writtenPerSecond: rate(before.diskTraffic?.writtenBytes, now.diskTraffic?.writtenBytes, seconds),
    cpuPressure: share(before.pressure?.cpu, now.pressure?.cpu, seconds),
    memoryPressure: share(before.pressure?.memory, now.pressure?.memory, seconds),
    ioPressure: share(before.pressure?.io, now.pressure?.io, seconds),
  };
  return Object.fromEntries(Object.entries(measured).filter(([, value]) => value !== undefined));
}

/**
 * With a CPU quota, returns the CPU time of the cgroup as a share of the quota; otherwise the shares of the machine.
 */
function cpuShares(
  before: Sample,
  now: Sample,
  seconds: number,
  head: Series['head'],
): Partial<Record<'cpu' | 'user' | 'system' | 'iowait' | 'steal', number | undefined>> {
  if (head.cores.source === 'cgroup') {
    return { cpu: share(before.cgroup?.cpuSeconds, now.cgroup?.cpuSeconds, seconds * head.cores.value) };
  }
  const [a, b] = [before.cpu, now.cpu];
  if (a === undefined || b === undefined) return {};
  // The kernel's iowait and idle can decrease slightly. A decrease counts as 0.
  const spent = (name: keyof typeof a): number => Math.max(0, b[name] - a[name]);
  const total = spent('user') + spent('system') + spent('iowait') + spent('steal') + spent('idle');
  if (total === 0) return {};
  return {
    cpu: (spent('user') + spent('system') + spent('steal')) / total,
    user: spent('user') / total,
    system: spent('system') / total,
    iowait: spent('iowait') / total,
    steal: spent('steal') / total,
  };
}

/** Returns the used share of the fullest disk, as `df` counts it. */
export function fullestDisk({ disks }: Pick<Sample, 'disks'>): number | undefined {
  const shares = disks.map(shareByDf).filter((share) => !Number.isNaN(share));
  return shares.length === 0 ? undefined : Math.max(...shares);
}

/** Returns the growth of a counter per second; `undefined` if it decreased, because then it was reset. */
function rate(before: number | undefined, now: number | undefined, seconds: number): number | undefined {
  if (before === undefined || now === undefined || now < before) return undefined;
  return (now - before) / seconds;
}

function share(before: number | undefined, now: number | undefined, seconds: number): number | undefined {
  const value = rate(before, now, seconds);
  return value === undefined ? undefined : Math.min(1, value);
}
