import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Answer, isUnknown } from './maybe-unknown.ts';
import { type Mount, readMounts } from './mounts.ts';
import { type Kernel, kernelPath, readKernel, unsupported } from './kernel-files.ts';

/** Where a controller of this process's cgroup is, on the machine: `directory` lies under `top`, the hierarchy's mount. */
export interface Controller {
  version: 1 | 2;
  directory: string;
  top: string;
}

export interface Cgroup {
  memory: Controller | undefined;
  cpu: Controller | undefined;
  /** v1 only: CPU time is counted in a hierarchy of its own, or in the same as `cpu`. */
  cpuTime: Controller | undefined;
}

/**
 * Finds this process's cgroup controller by controller: on a hybrid host v1 has memory and CPU while v2 is mounted
 * too, but empty; so the folder's being there says nothing. Source: cgroups(7).
 */
export function findCgroup(kernel: Kernel = {}): Answer<Cgroup> {
  const reason = unsupported(kernel, 'Cgroups');
  if (reason !== undefined) return { unknown: reason };
  const mounts = readMounts(kernel);
  if (isUnknown(mounts)) return mounts;
  const own = parseOwnCgroups(readKernel(kernel, '/proc/self/cgroup') ?? '');
  const first = (name: string): Controller | undefined =>
    findV1(kernel, name, mounts, own) ?? findV2(kernel, name, mounts, own);
  return { memory: first('memory'), cpu: first('cpu'), cpuTime: first('cpuacct') ?? first('cpu') };
}

/** Parses `/proc/self/cgroup`: controller to path; the path of v2 is under the empty name. */
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
  // A controller may be enabled only further up: what that folder allows binds here too.
  const directory = lineage(place).find((folder) => {
    const controllers = readKernel(kernel, join(folder, 'cgroup.controllers')) ?? '';
    return controllers.trim().split(' ').includes(name);
  });
  return directory === undefined ? undefined : { ...place, directory };
}

/** In a container the mount shows a part of the hierarchy, and the path may be the host's: then the mount itself is ours. */
function directoryIn(kernel: Kernel, mount: Mount, path: string): { directory: string; top: string } {
  const root = mount.root === '/' ? '' : mount.root;
  const relative = path === root || path.startsWith(`${root}/`) ? path.slice(root.length) : '';
  const directory = join(mount.mountPoint, relative);
  const found = existsSync(kernelPath(kernel, directory)) ? directory : mount.mountPoint;
  return { directory: found.replace(/\/$/, ''), top: mount.mountPoint };
}

/** The controller's folder and the folders above it up to the hierarchy's mount: a limit of any of them binds. */
export function lineage({ directory, top }: Controller): string[] {
  const folders = [directory];
  for (let folder = directory; folder !== top && folder.startsWith(top);) {
    folder = dirname(folder);
    folders.push(folder);
  }
  return folders;
}
