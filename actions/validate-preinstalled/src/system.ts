import { formatBytes, type Job } from '@runner-actions/core';
import { diskOf, hostCapacity, isUnknown } from '@runner-actions/host';
import { sizeOf } from './manifest.ts';
import { expandPath } from './paths.ts';
import type { Finding } from './requirement.ts';

const systems: Record<string, string> = { darwin: 'macos', win32: 'windows' };

export function checkSystem(fact: 'os' | 'arch' | 'cores' | 'memory', wanted: string): Finding {
  const { cores, memory } = hostCapacity();
  const compare = (met: boolean, found: string): Finding => ({
    ...{ status: met ? 'pass' : 'fail', found, wanted },
    ...(met ? {} : { advice: 'Choose another runner.' }),
  });
  if (fact === 'cores')
    return compare(cores.value >= Number(wanted.replace(/^>=\s*/, '')), `${cores.value} (${cores.source})`);
  if (fact === 'memory')
    return compare(memory.value >= sizeOf(wanted), `${formatBytes(memory.value)} (${memory.source})`);
  const found = fact === 'os' ? (systems[process.platform] ?? process.platform) : process.arch;
  return compare(found === wanted, found);
}

/** Free space for a process without privileges, on the file system that holds `path`. */
export async function checkDisk(
  path: string,
  free: string,
  environment: Job['environment'],
): Promise<Finding> {
  const real = expandPath(path, environment);
  const disk = await diskOf(real);
  if (isUnknown(disk)) return { status: 'error', found: disk.unknown, wanted: free };
  const met = disk.availableBytes >= sizeOf(free);
  const found = `${formatBytes(disk.availableBytes)} free on ${disk.mountPoint ?? real}`;
  return {
    status: met ? 'pass' : 'fail',
    found,
    wanted: free,
    ...(met ? {} : { advice: 'Free some space.' }),
  };
}
