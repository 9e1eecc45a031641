import { readdirSync } from 'node:fs';
import type { Answer } from './maybe-unknown.ts';
import { type Kernel, kernelPath, readKernel, unsupported } from './kernel-files.ts';

export interface HostProcess {
  pid: number;
  parent: number;
  user: number;
  /** Clock ticks from boot to the start. With the pid it names one process: pids are used again. */
  startTime: number;
  zombie: boolean;
  /** The command line with blanks between its arguments; a kernel thread's name is in brackets. */
  command: string;
  /** RUNNER_TRACKING_ID; `undefined` when it has none. */
  trackingId: string | undefined;
  /** False: the environment may not be read, so that a missing tracking id says nothing. */
  environmentReadable: boolean;
}

/** The fields of `/proc/PID/stat` that are used. The name may hold blanks and parentheses. Source: proc_pid_stat(5). */
export function parseStat(
  text: string,
): { name: string; state: string; parent: number; startTime: number } | undefined {
  const match = /^\d+ \((.*)\) (.*)$/s.exec(text.trim());
  const fields = match?.[2]?.split(' ') ?? [];
  const [state, parent, startTime] = [fields[0], fields[1], fields[19]];
  if (match === null || state === undefined || parent === undefined || startTime === undefined)
    return undefined;
  return { name: match[1] ?? '', state, parent: Number(parent), startTime: Number(startTime) };
}

/** All processes that can be seen. Those that end while being read are left out. */
export function listProcesses(kernel: Kernel = {}): Answer<HostProcess[]> {
  const reason = unsupported(kernel, 'Processes');
  if (reason !== undefined) return { unknown: reason };
  try {
    const pids = readdirSync(kernelPath(kernel, '/proc')).filter((name) => /^\d+$/.test(name));
    return pids.map((pid) => readProcess(Number(pid), kernel)).filter((found) => found !== undefined);
  } catch (error) {
    return { unknown: `Processes cannot be listed: ${(error as Error).message}` };
  }
}

/** One process; `undefined` when there is none, or none can be seen on this platform. */
export function readProcess(pid: number, kernel: Kernel = {}): HostProcess | undefined {
  if (unsupported(kernel, 'Processes') !== undefined) return undefined;
  const stat = parseStat(readKernel(kernel, `/proc/${pid}/stat`) ?? '');
  if (stat === undefined) return undefined;
  const status = readKernel(kernel, `/proc/${pid}/status`) ?? '';
  const command = readKernel(kernel, `/proc/${pid}/cmdline`) ?? '';
  const environment = readKernel(kernel, `/proc/${pid}/environ`);
  return {
    pid,
    parent: stat.parent,
    user: Number(/^Uid:\s+(\d+)/m.exec(status)?.[1] ?? Number.NaN),
    startTime: stat.startTime,
    zombie: stat.state === 'Z',
    command: command.replaceAll('\0', ' ').trim() || `[${stat.name}]`,
    trackingId: trackingIdIn(environment),
    environmentReadable: environment !== undefined,
  };
}

function trackingIdIn(environment: string | undefined): string | undefined {
  const name = 'RUNNER_TRACKING_ID=';
  const variable = environment?.split('\0').find((entry) => entry.startsWith(name));
  return variable?.slice(name.length) || undefined;
}

/** Whether this very process still runs, and not another one with its pid. A zombie has ended. `undefined`: unknown here. */
export function processAlive(pid: number, startTime: number, kernel: Kernel = {}): boolean | undefined {
  if (unsupported(kernel, 'Processes') !== undefined) return undefined;
  const stat = parseStat(readKernel(kernel, `/proc/${pid}/stat`) ?? '');
  return stat !== undefined && stat.startTime === startTime && stat.state !== 'Z';
}

/** Changes with each boot, so that a pid and start time of an earlier boot are not taken for a process of this one. */
export function bootId(kernel: Kernel = {}): string | undefined {
  return readKernel(kernel, '/proc/sys/kernel/random/boot_id')?.trim() || undefined;
}
