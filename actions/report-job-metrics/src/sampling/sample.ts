import { readHead, readSample } from './sample-shape.ts';

/** Seconds of CPU time since boot, summed over all CPUs. `user` includes guest time. */
export interface CpuCounters {
  user: number;
  system: number;
  iowait: number;
  steal: number;
  idle: number;
}

/** Seconds since boot in which tasks waited: some of them for a CPU, or all of them for memory or disks. */
export interface PressureCounters {
  cpu?: number;
  memory?: number;
  io?: number;
}

/** The `statfs` values of the disk that holds `path`. */
export interface SampledDisk {
  path: string;
  totalBytes: number;
  /** Available to unprivileged processes. */
  availableBytes: number;
  /**
   * Free space including what is reserved for root. Series of earlier versions have neither this nor the mount point.
   */
  freeBytes?: number;
  /** Omitted if the mounts cannot be read. */
  mountPoint?: string;
}

/** What processes of one name used. */
export interface NamedUse {
  /** Text that the job chose. */
  name: string;
  /** CPU time since the previous sample. */
  cpuSeconds: number;
  /** Anonymous memory at the sample, of all processes with this name. */
  memoryBytes: number;
}

/** What the job itself used, apart from everything else on the machine. */
export interface JobUse {
  /**
   * `cgroup`: the counters of the cgroup that holds this job alone. `processes`: the sums over the job's processes, with
   * those that ended.
   */
  source: 'cgroup' | 'processes';
  /** Since the sampler started. Never falls. */
  cpuSeconds: number;
  /** Anonymous memory: what would need swap space, so without the page cache and without shared libraries. */
  memoryBytes: number;
  processes: number;
  /** The processes with most CPU time or memory, by name. */
  heaviest: NamedUse[];
}

/** A process that the kernel killed because memory ran out. */
export interface Kill {
  /** Text that the process chose. */
  name: string;
  /** Whether the process was one of this job. */
  ofJob: boolean;
  memoryBytes?: number;
}

/** One GPU as `nvidia-smi` shows it. Values that it does not tell are omitted. */
export interface SampledGpu {
  index: number;
  name: string;
  /** Share of time in which it worked, from 0 to 1. */
  use?: number;
  usedBytes?: number;
  totalBytes?: number;
}

/** One line of the series. It holds raw counters; readers compute the rates. */
export interface Sample {
  /** Milliseconds since 1970, for display. */
  wall: number;
  /** Milliseconds of the machine's monotonic clock, for differences. All processes share this clock. */
  monotonic: number;
  cpu?: CpuCounters;
  memory?: { usedBytes: number; totalBytes: number };
  cgroup?: {
    cpuSeconds?: number;
    workingSetBytes?: number;
    anonymousBytes?: number;
    oomKills?: number;
    throttledSeconds?: number;
  };
  disks: SampledDisk[];
  network?: { receivedBytes: number; sentBytes: number };
  /** Bytes that were read from and written to disks since boot. */
  diskTraffic?: { readBytes: number; writtenBytes: number };
  pressure?: PressureCounters;
  /** Omitted in samples that the sampler did not take, and where the job's processes cannot be told apart. */
  job?: JobUse;
  /** Number of other jobs that runners of this machine run now. Omitted if unknown. */
  neighbours?: number;
  /** Number of processes that the kernel killed since boot because memory ran out. */
  oomKills?: number;
  /** Those that it killed since the previous sample, where the kernel tells. */
  kills?: Kill[];
  gpus?: SampledGpu[];
  /** Milliseconds to the next sample, where it is not the head's interval: long jobs are sampled less often. */
  interval?: number;
  /** Sentences on what the sampler cannot measure. */
  notes?: string[];
}

/** The first line of the series file: the machine and the interval. */
export interface SeriesHead {
  version: 1;
  /** Of the machine's monotonic clock, when the series was opened. No sample is older. */
  monotonic?: number;
  /** Milliseconds. */
  interval: number;
  cores: { value: number; source: string };
  memory: { value: number; source: string };
  /** Sentences on what cannot be measured on this platform. */
  notes: string[];
}

export interface Series {
  head: SeriesHead;
  samples: Sample[];
  /** Number of lines that could not be parsed, such as an incomplete line of a killed sampler. */
  skipped: number;
}

/** Characters of a line. A sample of a machine with many disks and GPUs has a few thousand. */
const maxLine = 32 * 1024;
/** A job of five days has fewer samples. */
const maxSamples = 40_000;

/**
 * Parses a series file. A line that is not a sample of this series is skipped, whoever wrote it.
 * @param now of the machine's monotonic clock. No sample is younger
 * @returns `undefined` if the first line is not a head
 */
export function parseSeries(text: string, now = Infinity): Series | undefined {
  const [first = '', ...rest] = text.split('\n').filter((line) => line !== '');
  const head = readHead(parseLine(first));
  if (head === undefined) return undefined;
  const { monotonic: opened = 0 } = head;
  const samples: Sample[] = [];
  for (const line of rest) {
    if (samples.length >= maxSamples) break;
    const sample = readSample(parseLine(line));
    if (sample !== undefined && sample.monotonic >= opened && sample.monotonic <= now) samples.push(sample);
  }
  samples.sort((a, b) => a.monotonic - b.monotonic);
  return { head, samples, skipped: rest.length - samples.length };
}

function parseLine(line: string): unknown {
  if (line.length > maxLine) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
