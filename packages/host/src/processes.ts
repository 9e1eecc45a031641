import { readdirSync, readlinkSync } from 'node:fs';
import type { MaybeUnknown } from './maybe-unknown.ts';
import { type Kernel, kernelPath, readKernel, readKernelStart, unsupported } from './kernel-files.ts';

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
  /** At most 15 bytes. A process can change its own name; Node's is `MainThread`. */
  name: string;
  /** The arguments of the command line, separated by blanks. For a kernel thread: its name in brackets. */
  command: string;
  /** The first argument, which is the path of the program unless whoever started it chose another text. */
  program: string;
  /** The working directory; `undefined` if it may not be read. */
  directory: string | undefined;
  /** Whether it runs in a pid namespace of its own below this one, such as that of a container. */
  nested: boolean;
  /** RUNNER_TRACKING_ID when the process started; `undefined` if it had none, or an empty one. */
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

/** Bytes of a command line, and of an environment. Longer environments count as not readable, unless the id is in the first bytes. */
const [maxCommand, maxEnvironment] = [4096, 4 * 2 ** 20];

/**
 * Lists all visible processes. Leaves out those that end while they are being read. May block for as long as a process
 * waits for a dead file system: call it where it can be abandoned.
 */
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
  const command = readKernelStart(kernel, `/proc/${pid}/cmdline`, maxCommand) ?? '';
  const environment = readKernelStart(kernel, `/proc/${pid}/environ`, maxEnvironment);
  const trackingId = trackingIdIn(environment);
  return {
    pid,
    parent: stat.parent,
    user: Number(/^Uid:\s+(\d+)/m.exec(status)?.[1] ?? Number.NaN),
    startTime: stat.startTime,
    zombie: stat.state === 'Z',
    name: stat.name,
    command: command.replaceAll('\0', ' ').trim() || `[${stat.name}]`,
    program: command.split('\0', 1)[0] ?? '',
    directory: directoryOf(pid, kernel),
    // One pid for each namespace, from this one inwards. Source: proc_pid_status(5).
    nested: (/^NSpid:(.*)$/m.exec(status)?.[1]?.trim().split(/\s+/).length ?? 1) > 1,
    trackingId,
    environmentReadable:
      trackingId !== undefined || (environment !== undefined && environment.length < maxEnvironment),
  };
}

function trackingIdIn(environment: string | undefined): string | undefined {
  const name = 'RUNNER_TRACKING_ID=';
  const variable = environment?.split('\0').find((entry) => entry.startsWith(name));
  return variable?.slice(name.length) || undefined;
}

function directoryOf(pid: number, kernel: Kernel): string | undefined {
  try {
    return readlinkSync(kernelPath(kernel, `/proc/${pid}/cwd`));
  } catch {
    return undefined;
  }
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
