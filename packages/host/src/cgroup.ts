import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type MaybeUnknown, isUnknown } from './maybe-unknown.ts';
import { type Mount, readMounts } from './mounts.ts';
import { type Kernel, kernelPath, readKernel, unsupported } from './kernel-files.ts';

/**
 * The location of a controller of this process's cgroup. `directory` is `top`, the mount point of the
 * hierarchy, or below it.
 */
export interface Controller {
  version: 1 | 2;
  directory: string;
  top: string;
}

export interface Cgroup {
  memory: Controller | undefined;
  cpu: Controller | undefined;
  /**
   * v1 counts CPU time in a separate hierarchy, or in the same one as `cpu`. In v2 it is the same as `cpu`.
   */
  cpuTime: Controller | undefined;
  /** `blkio` in v1. */
  io: Controller | undefined;
  /**
   * The folder in v2, with or without controllers. It has the pressure, also on a hybrid host. Undefined for
   * its root.
   */
  pressure: Controller | undefined;
}

/**
 * Finds this process's cgroup, separately for each controller: on a hybrid host v1 has the memory and CPU
 * controllers, and v2 is mounted without controllers. That a folder exists therefore proves nothing. Source:
 * cgroups(7).
 */
export function findCgroup(kernel: Kernel = {}): MaybeUnknown<Cgroup> {
  const own = parseOwnCgroups(readKernel(kernel, '/proc/self/cgroup') ?? '');
  return locate(kernel, (name) => own.get(name) ?? '/', 'or-top');
}

/**
 * Finds a given cgroup: the one of a systemd unit, a container or another process.
 * @param path its path as `/proc/PID/cgroup` shows it, such as `/system.slice/docker-….scope`, or its folder
 *   in any of the hierarchies. Or the text of `/proc/PID/cgroup`, where the path may differ by controller
 * @returns unknown if no hierarchy that this process sees has it. Who reads often keeps the result for
 *   `readUsage`
 */
export function cgroupAt(path: string, kernel: Kernel = {}): MaybeUnknown<Cgroup> {
  const byController = /^\d+:/.test(path) ? parseOwnCgroups(path) : undefined;
  const cgroup = locate(
    kernel,
    (name) => (byController === undefined ? path : byController.get(name)),
    'or-none',
  );
  if (isUnknown(cgroup)) return cgroup;
  return Object.values(cgroup).some((controller) => controller !== undefined)
    ? cgroup
    : {
        unknown: `No cgroup hierarchy has ${byController === undefined ? path : 'the cgroup of this process'}`,
      };
}

/** What stands for a folder that this process does not see: the top of its hierarchy, or nothing. */
type Missing = 'or-top' | 'or-none';
type PathOf = (controller: string) => string | undefined;

function locate(kernel: Kernel, pathOf: PathOf, missing: Missing): MaybeUnknown<Cgroup> {
  const reason = unsupported(kernel, 'Cgroups');
  if (reason !== undefined) return { unknown: reason };
  const mounts = readMounts(kernel);
  if (isUnknown(mounts)) return mounts;
  const below = (name: string): string | undefined => withoutMountPoint(pathOf(name), mounts);
  const v1 = (name: string): Controller | undefined => findV1(kernel, name, mounts, below, missing);
  const place = placeInV2(kernel, mounts, below, missing);
  const v2 = (name: string): Controller | undefined => place && enabledIn(kernel, name, place, missing);
  return {
    memory: v1('memory') ?? v2('memory'),
    cpu: v1('cpu') ?? v2('cpu'),
    // In v2, every folder counts its CPU time, with or without the controller.
    cpuTime: v1('cpuacct') ?? v1('cpu') ?? place,
    // A parent's traffic is that of others as well.
    io: v1('blkio') ?? (place && enabledIn(kernel, 'io', place, 'or-none')),
    pressure: pressureFolder(kernel, place),
  };
}

/** Turns the folder of a cgroup into its path in the hierarchy. */
function withoutMountPoint(path: string | undefined, mounts: readonly Mount[]): string | undefined {
  if (path === undefined) return undefined;
  const above = mounts
    .filter(({ type, mountPoint }) => type.startsWith('cgroup') && path.startsWith(`${mountPoint}/`))
    .sort((a, b) => b.mountPoint.length - a.mountPoint.length)[0];
  return above === undefined ? path : join(above.root, path.slice(above.mountPoint.length));
}

/**
 * The root has pressure files as well. They are the whole machine's, and only the root has no `cgroup.type`.
 */
function pressureFolder(kernel: Kernel, place: Controller | undefined): Controller | undefined {
  const isRoot =
    place === undefined || readKernel(kernel, join(place.directory, 'cgroup.type')) === undefined;
  return isRoot ? undefined : place;
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
  pathOf: PathOf,
  missing: Missing,
): Controller | undefined {
  const mount = mounts.find(({ type, options }) => type === 'cgroup' && options.includes(name));
  const place = mount && directoryIn(kernel, mount, pathOf(name), missing);
  return place && { version: 1, ...place };
}

function placeInV2(
  kernel: Kernel,
  mounts: readonly Mount[],
  pathOf: PathOf,
  missing: Missing,
): Controller | undefined {
  const mount = mounts.find(({ type }) => type === 'cgroup2');
  const place = mount && directoryIn(kernel, mount, pathOf(''), missing);
  return place && { version: 2, ...place };
}

/**
 * Finds the folder in which v2 has the controller. It may be enabled only in a parent folder. The limits of
 * that folder apply here too. Its usage is that of others as well: no answer for a given cgroup.
 */
function enabledIn(
  kernel: Kernel,
  name: string,
  place: Controller,
  missing: Missing,
): Controller | undefined {
  const folders = missing === 'or-top' ? lineage(place) : [place.directory];
  const directory = folders.find((folder) => {
    const controllers = readKernel(kernel, join(folder, 'cgroup.controllers')) ?? '';
    return controllers.trim().split(' ').includes(name);
  });
  return directory === undefined ? undefined : { ...place, directory };
}

/**
 * Finds the folder of `path` in the mount. In a container the mount shows only a part of the hierarchy, and
 * `path` may be the host's: then the mount point itself is the folder of this process.
 */
function directoryIn(
  kernel: Kernel,
  mount: Mount,
  path: string | undefined,
  missing: Missing,
): { directory: string; top: string } | undefined {
  const top = mount.mountPoint;
  const below = path === undefined || path.split('/').includes('..') ? undefined : pathBelow(mount, path);
  const directory = below === undefined ? undefined : join(top, below).replace(/\/$/, '');
  if (directory !== undefined && existsSync(kernelPath(kernel, directory))) return { directory, top };
  return missing === 'or-top' ? { directory: top.replace(/\/$/, ''), top } : undefined;
}

function pathBelow({ root }: Mount, path: string): string | undefined {
  if (!path.startsWith('/')) return undefined;
  const above = root === '/' ? '' : root;
  return path === above || path.startsWith(`${above}/`) ? path.slice(above.length) : undefined;
}

/**
 * Returns the controller's folder and its parents up to the mount point of the hierarchy. A limit of any of
 * them applies.
 */
export function lineage({ directory, top }: Controller): string[] {
  const folders = [directory];
  for (let folder = directory; folder !== top && folder.startsWith(top);) {
    folder = dirname(folder);
    folders.push(folder);
  }
  return folders;
}
