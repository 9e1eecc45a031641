import { execute } from '@runner-actions/core';
import type { DiskTraffic } from './disk-traffic.ts';
import { type FollowedProgram, followProgram } from './follow-program.ts';
import { growingCounters, type Pair } from './growing-counters.ts';
import {
  parseIostat,
  parseMemorySize,
  parseNetstat,
  parseSwapUsage,
  parseVmStat,
  type UsedSpace,
} from './macos-counters.ts';
import type { NetworkTraffic } from './network-counters.ts';
import type { Reader } from './readings.ts';
import { performanceSums, windowsCounters } from './windows-counters.ts';

/** What macOS and Windows tell. Sums of bytes only grow. What is left out could not be read. */
export interface PortableReading {
  /** Milliseconds since it was taken. */
  age: number;
  memory?: UsedSpace;
  swap?: UsedSpace;
  network?: NetworkTraffic;
  /** macOS does not tell read from written bytes. */
  disk?: DiskTraffic | { transferredBytes: number };
}

/** `read` returns the newest reading at once, and lets programs take the next one meanwhile. */
export interface PortableCounters extends Reader<PortableReading> {
  close(): void;
}

/** How programs are run. Tests replace them. */
export interface Programs {
  /** Runs a program to its end. @returns its output; `undefined` if it failed or took too long */
  run(argv: readonly string[]): Promise<string | undefined>;
  follow(argv: readonly string[], onLine: (line: string) => boolean): FollowedProgram;
  /** Milliseconds of a monotonic clock. */
  now(): number;
}

/**
 * Milliseconds. macOS starts four programs for a reading, so it takes one less often than the sampler asks.
 */
const macosInterval = 5_000;
const programTimeout = 4_000;
/** A reading older than this is none. */
const maxAge = 30_000;

/**
 * Reads the counters for which macOS and Windows have no files. Nothing blocks: a program that hangs is
 * killed after a few seconds, and its part is missing meanwhile. Not run on a real macOS or Windows: only the
 * outputs were at hand.
 * @returns `undefined` on other platforms
 */
export function portableCounters(
  platform: NodeJS.Platform,
  interval: number,
  programs: Programs = realPrograms,
): PortableCounters | undefined {
  if (platform === 'darwin') return macosCounters(programs);
  return platform === 'win32' ? windowsReader(interval, programs) : undefined;
}

const realPrograms: Programs = {
  run: async (argv) => {
    // The language decides on the form of numbers.
    const env = { PATH: process.env['PATH'], LC_ALL: 'C' };
    const { status, code, stdout } = await execute(argv, { env, timeout: programTimeout });
    return status === 'exited' && code === 0 ? stdout : undefined;
  },
  follow: (argv, onLine) => followProgram(argv, { onLine }),
  now: () => performance.now(),
};

type Facts = Omit<PortableReading, 'age'>;

function macosCounters({ run, now }: Programs): PortableCounters {
  const read = macosFacts(run);
  let newest: { facts: Facts; at: number } | undefined;
  let started: number | undefined;
  let [isRunning, isClosed] = [false, false];
  const start = async (): Promise<void> => {
    [isRunning, started] = [true, now()];
    try {
      newest = { facts: await read(), at: now() };
    } finally {
      isRunning = false;
    }
  };
  const isFresh = (): boolean => newest !== undefined && now() - newest.at <= maxAge;
  return {
    read: () => {
      const isDue = started === undefined || now() - started >= macosInterval;
      if (isDue && !isRunning && !isClosed) start().catch(() => undefined);
      return newest !== undefined && isFresh() ? { age: now() - newest.at, ...newest.facts } : undefined;
    },
    note: () => {
      if (newest === undefined) return undefined;
      if (!isFresh()) return 'Memory, network and disks: the programs of macOS do not answer.';
      const { facts } = newest;
      const missing = (['memory', 'network', 'disk'] as const).filter((part) => facts[part] === undefined);
      return missing.length === 0
        ? undefined
        : `A program of macOS failed. Not measured: ${missing.join(', ')}.`;
    },
    close: () => {
      isClosed = true;
    },
  };
}

/** Runs the programs one after the other: together they would be a peak in what they measure. */
function macosFacts(run: Programs['run']): () => Promise<Facts> {
  const [networkSum, diskSum] = [growingCounters(), growingCounters()];
  return async () => {
    const memory = (await run(['/usr/bin/vm_stat'])) ?? '';
    const sizes = (await run(['/usr/sbin/sysctl', 'hw.memsize', 'vm.swapusage'])) ?? '';
    const interfaces = parseNetstat((await run(['/usr/sbin/netstat', '-ibn'])) ?? '');
    const disks = parseIostat((await run(['/usr/sbin/iostat', '-Id'])) ?? '');
    const [usedBytes, totalBytes, swap] = [
      parseVmStat(memory),
      parseMemorySize(sizes),
      parseSwapUsage(sizes),
    ];
    return {
      ...(usedBytes === undefined || totalBytes === undefined ? {} : { memory: { usedBytes, totalBytes } }),
      ...(swap === undefined ? {} : { swap }),
      ...(interfaces.size === 0 ? {} : { network: traffic(networkSum(interfaces)) }),
      ...(disks.size === 0 ? {} : { disk: { transferredBytes: diskSum(paired(disks))[0] } }),
    };
  };
}

const traffic = ([receivedBytes, sentBytes]: Pair): NetworkTraffic => ({ receivedBytes, sentBytes });

const paired = (counters: ReadonlyMap<string, number>): Map<string, Pair> =>
  new Map([...counters].map(([name, bytes]) => [name, [bytes, 0]]));

/**
 * One `typeperf` for as long as this process runs. It sees only the adapters that were there at its start.
 */
function windowsReader(interval: number, { follow, now }: Programs): PortableCounters {
  const seconds = Math.max(1, Math.round(interval / 1000));
  const performanceSum = performanceSums(seconds * 1000);
  let at: number | undefined;
  const followed = follow(['typeperf.exe', ...windowsCounters, '-si', String(seconds)], (line) => {
    const isData = performanceSum.add(line);
    if (isData) at = now();
    return isData;
  });
  return {
    read: () => {
      const sums = performanceSum.sums();
      if (sums === undefined || at === undefined || now() - at > maxAge) return undefined;
      return { age: now() - at, ...sums };
    },
    note: () => {
      const ending = followed.ending();
      if (ending === undefined) return undefined;
      const limit = 'Its counters have other names where Windows is not English.';
      return `Network and disks are not measured: ${ending}. ${limit}`;
    },
    close: followed.close,
  };
}
