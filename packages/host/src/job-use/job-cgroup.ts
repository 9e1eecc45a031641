import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Cgroup } from '../cgroup.ts';
import { type Kernel, kernelPath, readKernel } from '../kernel-files.ts';

/** Number of folders of a cgroup that are looked at. */
const maxFolders = 200;

/**
 * Returns whether the counters of a cgroup tell what a job used: whether each process in it and below it belongs to the
 * job. The service of a runner has such a cgroup, and a terminal does not.
 * @param isOurs whether a process belongs to the job or its runner
 * @param self a process that must be in it: a controller may be on only in a parent, which others share
 */
export function holdsOnlyJob(
  { memory, cpuTime }: Pick<Cgroup, 'memory' | 'cpuTime'>,
  isOurs: (pid: number) => boolean,
  self: number,
  kernel: Kernel = {},
): boolean {
  return [memory, cpuTime].every((controller) => {
    if (controller === undefined || controller.directory === controller.top) return false;
    const pids = pidsBelow(controller.directory, kernel);
    // Processes of another pid namespace have the number 0.
    return pids !== undefined && pids.includes(self) && pids.every((pid) => pid > 0 && isOurs(pid));
  });
}

/** Returns the processes in a cgroup and below it; `undefined` if they cannot all be read. */
function pidsBelow(directory: string, kernel: Kernel): number[] | undefined {
  const folders = [directory];
  const pids: number[] = [];
  for (const folder of folders) {
    if (folders.length > maxFolders) return undefined;
    const text = readKernel(kernel, join(folder, 'cgroup.procs'));
    if (text === undefined) return undefined;
    pids.push(...text.split('\n').filter(Boolean).map(Number));
    try {
      const entries = readdirSync(kernelPath(kernel, folder), { withFileTypes: true });
      for (const entry of entries) if (entry.isDirectory()) folders.push(join(folder, entry.name));
    } catch {
      return undefined;
    }
  }
  return pids;
}
