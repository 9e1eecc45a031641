import { join } from 'node:path';
import { type Cgroup, cgroupAt, type Controller } from './cgroup.ts';
import { cgroupTraffic } from './cgroup-traffic.ts';
import { type Kernel, readKernel } from './kernel-files.ts';
import { isUnknown, type MaybeUnknown } from './maybe-unknown.ts';
import { parsePressure } from './pressure.ts';

/** The current usage of a cgroup. Counters start when the cgroup is created. */
export interface CgroupUsage {
  /**
   * Memory in use without reclaimable page cache: in every build `memory.current` alone reaches the limit.
   */
  workingSetBytes: number | undefined;
  anonymousBytes: number | undefined;
  oomKills: number | undefined;
  cpuSeconds: number | undefined;
  throttledSeconds: number | undefined;
  /** See `cgroupTraffic` for what v1 leaves out. */
  readBytes: number | undefined;
  writtenBytes: number | undefined;
  /** Seconds in which some of its tasks waited for a CPU. v2 alone has pressure. */
  cpuPressureSeconds: number | undefined;
  /** Seconds in which all of its tasks waited for memory, and for disks. */
  memoryPressureSeconds: number | undefined;
  ioPressureSeconds: number | undefined;
}

/** Parses lines of the form `key value`. */
export function parseKeyValues(text: string): Map<string, number> {
  const pairs = text.split('\n').map((line) => line.trim().split(/\s+/));
  return new Map(
    pairs.filter(([, value]) => value !== undefined).map(([key, value]) => [key!, Number(value)]),
  );
}

export function readUsage(cgroup: Cgroup, kernel: Kernel = {}): CgroupUsage {
  const traffic = cgroupTraffic(cgroup.io, kernel);
  return {
    ...memoryUsage(cgroup.memory, kernel),
    ...cpuUsage(cgroup, kernel),
    readBytes: traffic?.readBytes,
    writtenBytes: traffic?.writtenBytes,
    cpuPressureSeconds: pressureOf(cgroup, 'cpu', 'some', kernel),
    memoryPressureSeconds: pressureOf(cgroup, 'memory', 'full', kernel),
    ioPressureSeconds: pressureOf(cgroup, 'io', 'full', kernel),
  };
}

/** Reads the usage of any cgroup. @param path see `cgroupAt` @returns unknown if no hierarchy has it */
export function readUsageOf(path: string, kernel: Kernel = {}): MaybeUnknown<CgroupUsage> {
  const cgroup = cgroupAt(path, kernel);
  return isUnknown(cgroup) ? cgroup : readUsage(cgroup, kernel);
}

function pressureOf(
  { pressure }: Cgroup,
  resource: 'cpu' | 'memory' | 'io',
  line: 'some' | 'full',
  kernel: Kernel,
): number | undefined {
  return parsePressure(textOf(pressure, `${resource}.pressure`, kernel) ?? '', line);
}

function memoryUsage(
  controller: Controller | undefined,
  kernel: Kernel,
): Pick<CgroupUsage, 'workingSetBytes' | 'anonymousBytes' | 'oomKills'> {
  const second = controller?.version === 2;
  const stat = valuesOf(controller, 'memory.stat', kernel);
  const current = numberOf(controller, second ? 'memory.current' : 'memory.usage_in_bytes', kernel);
  const inactive = stat.get(second ? 'inactive_file' : 'total_inactive_file');
  const events = valuesOf(controller, second ? 'memory.events' : 'memory.oom_control', kernel);
  return {
    workingSetBytes:
      current === undefined || inactive === undefined ? undefined : Math.max(0, current - inactive),
    anonymousBytes: stat.get(second ? 'anon' : 'total_rss'),
    oomKills: events.get('oom_kill'),
  };
}

function cpuUsage(cgroup: Cgroup, kernel: Kernel): Pick<CgroupUsage, 'cpuSeconds' | 'throttledSeconds'> {
  const stat = valuesOf(cgroup.cpu, 'cpu.stat', kernel);
  if (cgroup.cpuTime?.version === 2) {
    const own = cgroup.cpuTime.directory === cgroup.cpu?.directory;
    const times = own ? stat : valuesOf(cgroup.cpuTime, 'cpu.stat', kernel);
    return {
      cpuSeconds: scaled(times.get('usage_usec'), 1e6),
      throttledSeconds: scaled(stat.get('throttled_usec'), 1e6),
    };
  }
  return {
    cpuSeconds: scaled(numberOf(cgroup.cpuTime, 'cpuacct.usage', kernel), 1e9),
    throttledSeconds: scaled(stat.get('throttled_time'), 1e9),
  };
}

function scaled(value: number | undefined, by: number): number | undefined {
  return value === undefined ? undefined : value / by;
}

function textOf(controller: Controller | undefined, name: string, kernel: Kernel): string | undefined {
  return controller === undefined ? undefined : readKernel(kernel, join(controller.directory, name));
}

function valuesOf(controller: Controller | undefined, name: string, kernel: Kernel): Map<string, number> {
  return parseKeyValues(textOf(controller, name, kernel) ?? '');
}

function numberOf(controller: Controller | undefined, name: string, kernel: Kernel): number | undefined {
  const text = textOf(controller, name, kernel)?.trim();
  return text === undefined || text === '' || !Number.isFinite(Number(text)) ? undefined : Number(text);
}
