import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { isUnknown } from './maybe-unknown.ts';
import { type Kernel, kernelPath, readKernel } from './kernel-files.ts';
import { readMounts } from './mounts.ts';

/** The container in which this process runs. */
export interface OwnContainer {
  /** Whether the process runs in a container. */
  inside: boolean;
  /** Returns whether a container's id is that of this process's container. */
  isOwn(id: string): boolean;
}

/**
 * Finds the container in which this process runs. Engines mount `/etc/hostname` and others from a folder with the
 * container's id; the name of its cgroup contains the id too; and its host name is the start of the id, unless another one
 * was chosen.
 */
export function ownContainer(kernel: Kernel = {}, host = hostname()): OwnContainer {
  const mounts = readMounts(kernel);
  const files = ['/etc/hostname', '/etc/hosts', '/etc/resolv.conf'];
  const roots = isUnknown(mounts) ? [] : mounts.filter(({ mountPoint }) => files.includes(mountPoint));
  const signs = [...roots.map(({ root }) => root), readKernel(kernel, '/proc/self/cgroup') ?? ''];
  const ids = new Set(signs.flatMap((sign) => sign.match(/(?<![\da-f])[\da-f]{64}(?![\da-f])/g) ?? []));
  const marks = ['/.dockerenv', '/run/.containerenv'].some((path) => existsSync(kernelPath(kernel, path)));
  // A machine that was built from an image also has these marks, but none of the mounts.
  const isMachine = !isUnknown(mounts) && roots.length === 0;
  return {
    inside: ids.size > 0 || (marks && !isMachine),
    isOwn: (id) => ids.has(id) || id.slice(0, 12) === host,
  };
}
