/** Seconds of CPU time since boot, summed over all CPUs. Guest time is in `user` already. */
export interface CpuCounters {
  user: number;
  system: number;
  iowait: number;
  steal: number;
  idle: number;
}

/** Seconds since boot in which tasks waited: `some` of them for CPUs, `full`: all of them for memory or disks. */
export interface PressureCounters {
  cpu?: number;
  memory?: number;
  io?: number;
}

/** What `statfs` says of the disk that `path` is on. */
export interface SampledDisk {
  path: string;
  totalBytes: number;
  /** For a process without privileges. */
  availableBytes: number;
  /** For root too. Series of earlier versions have neither this nor the mount point. */
  freeBytes?: number;
  /** Left out where mounts cannot be read. */
  mountPoint?: string;
}

/** One line of the series: counters as they are, so that whoever reads them computes the rates. */
export interface Sample {
  /** Milliseconds since 1970, for people. */
  wall: number;
  /** Milliseconds of the machine's monotonic clock, for differences; it is the same for all processes. */
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
  pressure?: PressureCounters;
}

/** What the series is about; the first line of its file. */
export interface SeriesHead {
  version: 1;
  /** Milliseconds. */
  interval: number;
  cores: { value: number; source: string };
  memory: { value: number; source: string };
  /** What this platform cannot tell, a sentence each. */
  notes: string[];
}

export interface Series {
  head: SeriesHead;
  samples: Sample[];
  /** Lines that could not be read, such as one that a killed sampler left half written. */
  skipped: number;
}

const mostNotes = 10;

/** Reads the lines of a series; `undefined` when even the first one is broken. */
export function parseSeries(text: string): Series | undefined {
  const [first = '', ...rest] = text.split('\n').filter((line) => line !== '');
  const head = parseLine<SeriesHead>(first);
  if (head === undefined || !isHead(head)) return undefined;
  const samples = rest.map((line) => parseLine<Sample>(line)).filter(isSample);
  samples.sort((a, b) => a.monotonic - b.monotonic);
  return { head, samples, skipped: rest.length - samples.length };
}

/** The job can write to the file: what is read of it must be what it seems to be. */
function isHead({ version, interval, cores, memory, notes }: SeriesHead): boolean {
  const isLimit = (limit?: SeriesHead['cores']) =>
    Number.isFinite(limit?.value) && typeof limit?.source === 'string';
  const isText = (note: unknown) => typeof note === 'string';
  if (version !== 1 || !Number.isFinite(interval) || !isLimit(cores) || !isLimit(memory)) return false;
  return Array.isArray(notes) && notes.length <= mostNotes && notes.every(isText);
}

function isSample(sample: Sample | undefined): sample is Sample {
  const { wall, monotonic, disks } = sample ?? {};
  return isTime(wall) && Number.isFinite(monotonic) && Array.isArray(disks);
}

/** Dates end there. Source: ECMAScript, "Time Values and Time Range". */
function isTime(wall: unknown): boolean {
  return typeof wall === 'number' && Math.abs(wall) <= 8.64e15;
}

function parseLine<T>(line: string): T | undefined {
  try {
    return (JSON.parse(line) as T | null) ?? undefined;
  } catch {
    return undefined;
  }
}
