import { availableParallelism, cpus, totalmem } from 'node:os';
import { isUnknown } from './maybe-unknown.ts';
import { findCgroup } from './cgroup.ts';
import { readLimits } from './cgroup-limits.ts';
import { type Kernel, readKernel, unsupported } from './kernel-files.ts';

/** A limit and where it comes from: `machine`, `affinity` (the CPUs this process may use) or `cgroup`. */
export interface Limit {
  value: number;
  source: 'machine' | 'affinity' | 'cgroup';
}

export interface Capacity {
  /** May be a fraction, where a quota allows 1.5 CPUs. */
  cores: Limit;
  /** Bytes. */
  memory: Limit;
}

/** The values that the operating system reports. Tests can replace them. */
export interface Machine {
  cpus: number;
  usableCpus: number;
  memoryBytes: number;
}

/** Returns what this process may use: the smallest of the limits of the machine, the CPU affinity and the cgroup. */
export function hostCapacity(kernel: Kernel = {}, machine: Machine = readMachine(kernel)): Capacity {
  const cgroup = findCgroup(kernel);
  const limits = isUnknown(cgroup) ? { memoryBytes: undefined, cpus: undefined } : readLimits(cgroup, kernel);
  return {
    cores: least([
      { value: machine.cpus, source: 'machine' },
      { value: machine.usableCpus, source: 'affinity' },
      { value: limits.cpus, source: 'cgroup' },
    ]),
    memory: least([
      { value: machine.memoryBytes, source: 'machine' },
      { value: limits.memoryBytes, source: 'cgroup' },
    ]),
  };
}

function readMachine(kernel: Kernel): Machine {
  const usableCpus = affinity(kernel) ?? availableParallelism();
  return { cpus: cpus().length, usableCpus, memoryBytes: totalmem() };
}

/**
 * Returns the number of CPUs that the affinity allows. Node's own count also includes the cgroup's quota, rounded
 * down to whole CPUs.
 * Source: proc_pid_status(5).
 */
function affinity(kernel: Kernel): number | undefined {
  if (unsupported(kernel, 'The affinity') !== undefined) return undefined;
  const list = /^Cpus_allowed_list:\s*([\d,-]+)$/m.exec(readKernel(kernel, '/proc/self/status') ?? '')?.[1];
  if (list === undefined) return undefined;
  const ranges = list.split(',').map((range) => range.split('-').map(Number));
  return ranges.reduce((sum, [first = 0, last = first]) => sum + last - first + 1, 0);
}

/** Returns the smallest limit, and the first one of several equal limits. Ignores missing limits and limits of 0. */
function least(limits: readonly { value: number | undefined; source: Limit['source'] }[]): Limit {
  const given = limits.filter((limit): limit is Limit => limit.value !== undefined && limit.value > 0);
  return given.reduce((best, limit) => (limit.value < best.value ? limit : best), given[0] ?? unlimited);
}

const unlimited: Limit = { value: 1, source: 'machine' };
