import { type Kernel, readKernel } from './kernel-files.ts';
import { readProcess } from './processes.ts';

/** Clock ticks per second in `/proc`. Source: proc_pid_stat(5); it is 100 on all systems that runners support. */
const ticksPerSecond = 100;

/**
 * Returns when this job began, in milliseconds since 1970: when its worker started, the process that starts each action.
 * @returns `undefined` if another process started this one, or processes cannot be read
 */
export function jobBegan(parent = process.ppid, kernel: Kernel = {}): number | undefined {
  const boot = bootTime(kernel);
  const worker = readProcess(parent, kernel);
  if (boot === undefined || worker === undefined || !worker.command.includes('Runner.Worker'))
    return undefined;
  // The boot time is in whole seconds.
  return boot + 1000 + (worker.startTime / ticksPerSecond) * 1000;
}

function bootTime(kernel: Kernel): number | undefined {
  const seconds = /^btime (\d{1,12})$/m.exec(readKernel(kernel, '/proc/stat') ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
