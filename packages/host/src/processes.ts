import { readdirSync } from 'node:fs';
import type { MaybeUnknown } from './maybe-unknown.ts';
import { type Kernel, kernelPath, readKernel, unsupported } from './kernel-files.ts';

export interface HostProcess {
  pid: number;
  parent: number;
  user: number;
  /**
   * Clock ticks from boot to the start. The system reuses pids, so only the pid and the start time together identify
   * a process.
   */
  startTime: number;
  zombie: boolean;
  /** The arguments of the command line, separated by blanks. For a kernel thread: its name in brackets. */
  command: string;
  /** RUNNER_TRACKING_ID; `undefined` if the process has none. */
  trackingId: string | undefined;
  /** If false, the environment may not be read, and a missing tracking id proves nothing. */
  environmentReadable: boolean;
}

/**
 * Parses the needed fields of `/proc/PID/stat`. The name may contain blanks and parentheses. Source:
 * proc_pid_stat(5).
 */
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

/** Lists all visible processes. Leaves out those that end while they are being read. */
export function listProcesses(kernel: Kernel = {}): MaybeUnknown<HostProcess[]> {
  const reason = unsupported(kernel, 'Processes');
  if (reason !== undefined) return { unknown: reason };
  try {
    const pids = readdirSync(kernelPath(kernel, '/proc')).filter((name) => /^\d+$/.test(name));
    return pids.map((pid) => readProcess(Number(pid), kernel)).filter((found) => found !== undefined);
  } catch (error) {
    return { unknown: `Processes cannot be listed: ${(error as Error).message}` };
  }
}

/** Reads one process. @returns `undefined` if it does not exist or is not visible, or on systems other than Linux */
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

/**
 * Returns whether the process with this pid and start time is still running. A zombie counts as ended.
 * @returns `undefined` on systems other than Linux
 */
export function processAlive(pid: number, startTime: number, kernel: Kernel = {}): boolean | undefined {
  if (unsupported(kernel, 'Processes') !== undefined) return undefined;
  const stat = parseStat(readKernel(kernel, `/proc/${pid}/stat`) ?? '');
  return stat !== undefined && stat.startTime === startTime && stat.state !== 'Z';
}

/**
 * Returns the boot id. It changes with each boot, so that a pid and start time of an earlier boot cannot match a
 * current process.
 */
export function bootId(kernel: Kernel = {}): string | undefined {
  return readKernel(kernel, '/proc/sys/kernel/random/boot_id')?.trim() || undefined;
}
