import { cpus, freemem, totalmem } from 'node:os';
import {
  diskTraffic,
  findCgroup,
  hostCapacity,
  isUnknown,
  type Kernel,
  networkCounters,
  oomKills,
  parsePressure,
  readKernel,
  readUsage,
} from '@runner-actions/host';
import { parseCpu, parseMemory } from './counters.ts';
import { openDiskWatch } from './disk-watch-io.ts';
import type { CpuCounters, PressureCounters, Sample, SeriesHead } from './sample.ts';

/** Takes samples of the machine. */
export interface MachineReader {
  /** Values that cannot be read are omitted. */
  read(): Promise<Sample>;
  /** Sentences on what the last reading lacks. */
  notes(): string[];
}

/** Opens the counters of the machine. @param paths paths whose disks are measured */
export function openMachine(paths: readonly string[], kernel: Kernel = {}): MachineReader {
  const disks = openDiskWatch(paths, kernel);
  const counters = isLinux(kernel) ? openLinux(kernel) : { read: readPortable, notes: () => [] };
  return {
    read: async () => ({
      disks: await disks.read(),
      wall: Date.now(),
      monotonic: monotonicNow(),
      ...counters.read(),
    }),
    notes: counters.notes,
  };
}

/** Returns milliseconds of the machine's monotonic clock, which all its processes share. */
export function monotonicNow(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}

/** Describes the machine: its limits, and notes on what cannot be measured on it. */
export function describeMachine(interval: number, kernel: Kernel = {}): SeriesHead {
  const { cores, memory } = hostCapacity(kernel);
  const notes: string[] = [];
  if (!isLinux(kernel)) {
    const platform = kernel.platform ?? process.platform;
    notes.push(`Pressure, and what this job itself used, are not measured on ${platform}.`);
  } else if (readKernel(kernel, '/proc/pressure/memory') === undefined) {
    notes.push('This kernel does not report pressure (PSI).');
  }
  return { version: 1, interval, monotonic: monotonicNow(), cores, memory, notes };
}

function isLinux(kernel: Kernel): boolean {
  return (kernel.platform ?? process.platform) === 'linux';
}

type Counters = Partial<Omit<Sample, 'wall' | 'monotonic' | 'disks'>>;

function openLinux(kernel: Kernel): { read(): Counters; notes(): string[] } {
  const read = (path: string): string => readKernel(kernel, path) ?? '';
  const cgroup = findCgroup(kernel);
  const [network, traffic] = [networkCounters(kernel), diskTraffic(kernel)];
  return {
    read: () =>
      withoutUndefined({
        cpu: parseCpu(read('/proc/stat')),
        memory: parseMemory(read('/proc/meminfo')),
        network: network.read(),
        diskTraffic: traffic.read(),
        pressure: readPressure(read),
        oomKills: oomKills(kernel),
        cgroup: isUnknown(cgroup) ? undefined : withoutUndefined({ ...readUsage(cgroup, kernel) }),
      }),
    notes: () => [network.note(), traffic.note()].filter((note) => note !== undefined),
  };
}

function readPressure(read: (path: string) => string): PressureCounters {
  return withoutUndefined({
    cpu: parsePressure(read('/proc/pressure/cpu'), 'some'),
    memory: parsePressure(read('/proc/pressure/memory'), 'full'),
    io: parsePressure(read('/proc/pressure/io'), 'full'),
  });
}

/** Reads the counters that Node provides on every platform. */
function readPortable(): Counters {
  const cpu: CpuCounters = { user: 0, system: 0, iowait: 0, steal: 0, idle: 0 };
  for (const { times } of cpus()) {
    cpu.user += (times.user + times.nice) / 1000;
    cpu.system += (times.sys + times.irq) / 1000;
    cpu.idle += times.idle / 1000;
  }
  return { cpu, memory: { usedBytes: totalmem() - freemem(), totalBytes: totalmem() } };
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Removes entries that are `undefined`. */
export function withoutUndefined<T extends object>(record: T): Defined<T> {
  const entries = Object.entries(record).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Defined<T>;
}
