import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type MaybeUnknown, isUnknown } from './maybe-unknown.ts';
import { type Mount, readMounts } from './mounts.ts';
import { type Kernel, kernelPath, readKernel, unsupported } from './kernel-files.ts';

/**
 * The location of a controller of this process's cgroup. `directory` is `top`, the mount point of the hierarchy, or
 * below it.
 */
export interface Controller {
  version: 1 | 2;
  directory: string;
  top: string;
}

export interface Cgroup {
  memory: Controller | undefined;
  cpu: Controller | undefined;
  /** v1 counts CPU time in a separate hierarchy, or in the same one as `cpu`. In v2 it is the same as `cpu`. */
  cpuTime: Controller | undefined;
}

/**
 * Finds this process's cgroup, separately for each controller: on a hybrid host v1 has the memory and CPU
 * controllers, and v2 is mounted without controllers. That a folder exists therefore proves nothing. Source:
 * cgroups(7).
 */
export function findCgroup(kernel: Kernel = {}): MaybeUnknown<Cgroup> {
  const reason = unsupported(kernel, 'Cgroups');
  if (reason !== undefined) return { unknown: reason };
  const mounts = readMounts(kernel);
  if (isUnknown(mounts)) return mounts;
  const own = parseOwnCgroups(readKernel(kernel, '/proc/self/cgroup') ?? '');
  const first = (name: string): Controller | undefined =>
    findV1(kernel, name, mounts, own) ?? findV2(kernel, name, mounts, own);
  return { memory: first('memory'), cpu: first('cpu'), cpuTime: first('cpuacct') ?? first('cpu') };
}

/** Parses `/proc/self/cgroup`. @returns the path of each controller; the path of v2 has the empty name */
export function parseOwnCgroups(text: string): Map<string, string> {
  const own = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^\d+:([^:]*):(.*)$/.exec(line);
    for (const name of match?.[1]?.split(',') ?? []) own.set(name, match?.[2] ?? '/');
  }
  return own;
}

function findV1(
  kernel: Kernel,
  name: string,
  mounts: readonly Mount[],
  own: ReadonlyMap<string, string>,
): Controller | undefined {
  const mount = mounts.find(({ type, options }) => type === 'cgroup' && options.includes(name));
  if (mount === undefined) return undefined;
  return { version: 1, ...directoryIn(kernel, mount, own.get(name) ?? '/') };
}

function findV2(
  kernel: Kernel,
  name: string,
  mounts: readonly Mount[],
  own: ReadonlyMap<string, string>,
): Controller | undefined {
  const mount = mounts.find(({ type }) => type === 'cgroup2');
  if (mount === undefined) return undefined;
  const place = { version: 2, ...directoryIn(kernel, mount, own.get('') ?? '/') } as const;
  // A controller may be enabled only in a parent folder. The limits of that folder apply here too.
  const directory = lineage(place).find((folder) => {
    const controllers = readKernel(kernel, join(folder, 'cgroup.controllers')) ?? '';
    return controllers.trim().split(' ').includes(name);
  });
  return directory === undefined ? undefined : { ...place, directory };
}

/**
 * Finds the folder of `path` in the mount. In a container the mount shows only a part of the hierarchy, and `path`
 * may be the host's: then the mount point itself is the folder.
 */
function directoryIn(kernel: Kernel, mount: Mount, path: string): { directory: string; top: string } {
  const root = mount.root === '/' ? '' : mount.root;
  const relative = path === root || path.startsWith(`${root}/`) ? path.slice(root.length) : '';
  const directory = join(mount.mountPoint, relative);
  const found = existsSync(kernelPath(kernel, directory)) ? directory : mount.mountPoint;
  return { directory: found.replace(/\/$/, ''), top: mount.mountPoint };
}

/**
 * Returns the controller's folder and its parents up to the mount point of the hierarchy. A limit of any of them
 * applies.
 */
export function lineage({ directory, top }: Controller): string[] {
  const folders = [directory];
  for (let folder = directory; folder !== top && folder.startsWith(top);) {
    folder = dirname(folder);
    folders.push(folder);
  }
  return folders;
}
