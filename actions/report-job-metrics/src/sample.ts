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
  pressure?: PressureCounters;
}

/** The first line of the series file: the machine and the interval. */
export interface SeriesHead {
  version: 1;
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

const maxNotes = 10;

/** Parses a series file. Returns `undefined` if its first line is invalid. */
export function parseSeries(text: string): Series | undefined {
  const [first = '', ...rest] = text.split('\n').filter((line) => line !== '');
  const head = parseLine<SeriesHead>(first);
  if (head === undefined || !isHead(head)) return undefined;
  const samples = rest.map((line) => parseLine<Sample>(line)).filter(isSample);
  samples.sort((a, b) => a.monotonic - b.monotonic);
  return { head, samples, skipped: rest.length - samples.length };
}

/** Validates the head. The job can write to the file, so its content is untrusted. */
function isHead({ version, interval, cores, memory, notes }: SeriesHead): boolean {
  const isLimit = (limit?: SeriesHead['cores']) =>
    Number.isFinite(limit?.value) && typeof limit?.source === 'string';
  const isText = (note: unknown) => typeof note === 'string';
  if (version !== 1 || !Number.isFinite(interval) || !isLimit(cores) || !isLimit(memory)) return false;
  return Array.isArray(notes) && notes.length <= maxNotes && notes.every(isText);
}

function isSample(sample: Sample | undefined): sample is Sample {
  const { wall, monotonic, disks } = sample ?? {};
  return isTime(wall) && Number.isFinite(monotonic) && Array.isArray(disks);
}

/** Whether the value is a valid date. Source: ECMAScript, "Time Values and Time Range". */
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
