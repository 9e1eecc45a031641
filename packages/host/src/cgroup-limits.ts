import { join } from 'node:path';
import { type Cgroup, type Controller, lineage } from './cgroup.ts';
import { type Kernel, readKernel } from './kernel-files.ts';

/** cgroup v1 writes "no limit" as the largest multiple of the page size. No real limit is that large. */
const noLimit = 2 ** 60;

/** The limits of a cgroup. `undefined` means no limit. `cpus` may be a fraction. */
export interface CgroupLimits {
  memoryBytes: number | undefined;
  cpus: number | undefined;
}

/**
 * Reads the smallest limit of the cgroup and its parents.
 * Source: the kernel's pages "Control Group v2" and "CFS Bandwidth Control".
 */
export function readLimits(cgroup: Cgroup, kernel: Kernel = {}): CgroupLimits {
  return {
    memoryBytes: smallest(cgroup.memory, (controller, folder) => memoryLimit(kernel, controller, folder)),
    cpus: smallest(cgroup.cpu, (controller, folder) => cpuLimit(kernel, controller, folder)),
  };
}

function smallest(
  controller: Controller | undefined,
  limitOf: (controller: Controller, folder: string) => number | undefined,
): number | undefined {
  if (controller === undefined) return undefined;
  const limits = lineage(controller)
    .map((folder) => limitOf(controller, folder))
    .filter((limit) => limit !== undefined);
  return limits.length === 0 ? undefined : Math.min(...limits);
}

function memoryLimit(kernel: Kernel, { version }: Controller, folder: string): number | undefined {
  const name = version === 2 ? 'memory.max' : 'memory.limit_in_bytes';
  const limit = Number(readKernel(kernel, join(folder, name))?.trim() || Number.NaN);
  return Number.isFinite(limit) && limit < noLimit ? limit : undefined;
}

function cpuLimit(kernel: Kernel, { version }: Controller, folder: string): number | undefined {
  const read = (name: string): string => readKernel(kernel, join(folder, name))?.trim() ?? '';
  const [quota, period] =
    version === 2 ? read('cpu.max').split(' ') : [read('cpu.cfs_quota_us'), read('cpu.cfs_period_us')];
  const cpus = Number(quota || Number.NaN) / Number(period || Number.NaN);
  return Number.isFinite(cpus) && cpus > 0 ? cpus : undefined;
}
