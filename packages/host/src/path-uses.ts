import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Kernel, kernelPath, readKernel, unsupported } from './kernel-files.ts';
import { isUnknown, type MaybeUnknown } from './maybe-unknown.ts';
import { type Mount, mountOf, parseMounts, readMounts } from './mounts.ts';
import { isInside } from './runner-folders.ts';
import { workerAbove } from './runner-processes.ts';

/** A path that a process uses. */
export interface PathUse {
  pid: number;
  path: string;
  how:
    | 'runs from it'
    | 'has a file of it open'
    | 'names it'
    | 'has it mounted'
    | 'may use it: it cannot be read';
}

/** Inode of the first pid namespace, in which all processes are visible. Source: Linux, PROC_PID_INIT_INO. */
const firstNamespace = 'pid:[4026531836]';
/** Flag of kernel threads, which use no files of users. Source: Linux, PF_KTHREAD. */
const kernelThread = 0x200000;

/**
 * Finds what the processes of this machine use in some folders: programs, libraries, working folders, open files,
 * arguments, and mounts in containers. Only the command line and the mounts of another user's process are readable
 * for an ordinary user. A process of this user, or of the owner of a folder, that cannot be read counts as a user of
 * all of it.
 * @param folders absolute and without links
 * @returns unknown if the list of processes is not complete: in a container, and where the system hides processes
 */
export function readPathUses(folders: readonly string[], kernel: Kernel = {}): MaybeUnknown<PathUse[]> {
  const reason = unsupported(kernel, 'Processes') ?? whyIncomplete(kernel);
  if (reason !== undefined) return { unknown: reason };
  const mounts = readMounts(kernel);
  if (isUnknown(mounts)) return mounts;
  const owners = new Set([process.geteuid?.() ?? -1, ...folders.map(ownerOfFolder)]);
  const seenMounts = new Set<string>([readKernel(kernel, '/proc/self/mountinfo') ?? '']);
  try {
    const pids = readdirSync(kernelPath(kernel, '/proc')).filter((name) => /^\d+$/.test(name));
    return pids
      .filter((pid) => Number(pid) !== process.pid)
      .flatMap((pid) => [
        ...usesOf(pid, folders, owners, kernel),
        ...mountUses(pid, folders, mounts, seenMounts, kernel),
      ]);
  } catch (error) {
    return { unknown: `Processes cannot be listed: ${(error as Error).message}` };
  }
}

/** Returns the first process that uses a folder. @param folder absolute and without links */
export function useOf(folder: string, uses: readonly PathUse[]): PathUse | undefined {
  return uses.find(
    ({ path, how }) =>
      isInside(path, folder) ||
      ((how === 'has it mounted' || how.startsWith('may')) && isInside(folder, path)),
  );
}

/** Formats a use as the reason why a folder stays. */
export const describeUse = ({ pid, how }: PathUse): string => `process ${pid} ${how}`;

function whyIncomplete(kernel: Kernel): string | undefined {
  if (readKernel(kernel, '/proc/1/stat') === undefined) return 'the system hides processes of other users';
  if (isInFirstPidNamespace(kernel) || workerAbove(kernel) !== undefined) return undefined;
  return 'processes of the machine are not visible in a container';
}

/** Returns whether the processes of the whole machine are in `/proc`, not only those of a container. */
export function isInFirstPidNamespace(kernel: Kernel = {}): boolean {
  return linkOf(kernel, '/proc/self/ns/pid') === firstNamespace;
}

function usesOf(
  pid: string,
  folders: readonly string[],
  owners: ReadonlySet<number>,
  kernel: Kernel,
): PathUse[] {
  if (isIdle(readKernel(kernel, `/proc/${pid}/stat`))) return [];
  const use = (path: string, how: PathUse['how']): PathUse[] =>
    folders.some((folder) => isInside(path, folder)) ? [{ pid: Number(pid), path, how }] : [];
  const mayName = (text: string) => folders.some((folder) => text.includes(folder));
  const named = (readKernel(kernel, `/proc/${pid}/cmdline`) ?? '')
    .split('\0')
    .flatMap(pathIn)
    .flatMap((path) => use(path, 'names it'));
  try {
    const runs = ['exe', 'cwd', 'root'].map((name) => readLink(kernel, `/proc/${pid}/${name}`));
    // The folders of tools in the PATH of a job's processes, and its other variables.
    const variables = (readKernel(kernel, `/proc/${pid}/environ`) ?? '')
      .split(/[\0:]/)
      .filter(mayName)
      .flatMap(pathIn);
    const open = readdirSync(kernelPath(kernel, `/proc/${pid}/fd`)).map((fd) =>
      linkOf(kernel, `/proc/${pid}/fd/${fd}`),
    );
    const mapped = (readKernel(kernel, `/proc/${pid}/maps`) ?? '')
      .split('\n')
      .filter(mayName)
      .flatMap(pathIn);
    return [
      ...[...runs, ...new Set(mapped)].flatMap((path) => use(withoutMark(path), 'runs from it')),
      ...open.flatMap((path) => use(withoutMark(path ?? ''), 'has a file of it open')),
      ...variables.flatMap((path) => use(path, 'names it')),
      ...named,
    ];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return named;
    const user = Number(/^Uid:\s+(\d+)/m.exec(readKernel(kernel, `/proc/${pid}/status`) ?? '')?.[1]);
    if (!Number.isNaN(user) && !owners.has(user)) return named;
    return folders.map((path) => ({ pid: Number(pid), path, how: 'may use it: it cannot be read' }));
  }
}

/** Returns whether a process has ended, is a zombie or a thread of the kernel. Source: proc_pid_stat(5). */
function isIdle(stat: string | undefined): boolean {
  const fields = stat === undefined ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === undefined || fields[0] === 'Z' || (Number(fields[6]) & kernelThread) !== 0;
}

/** Finds mounts of folders in other mount namespaces, which are those of containers. */
function mountUses(
  pid: string,
  folders: readonly string[],
  own: readonly Mount[],
  seen: Set<string>,
  kernel: Kernel,
): PathUse[] {
  const text = readKernel(kernel, `/proc/${pid}/mountinfo`);
  if (text === undefined || seen.has(text)) return [];
  seen.add(text);
  const known = new Set(own.map(({ device, root, mountPoint }) => `${device} ${root} ${mountPoint}`));
  return parseMounts(text).flatMap(({ device, root, mountPoint }) => {
    if (known.has(`${device} ${root} ${mountPoint}`)) return [];
    return folders.flatMap((folder): PathUse[] => {
      const mount = mountOf(folder, own);
      const place = mount === undefined ? '' : join(mount.root, relative(mount.mountPoint, folder));
      // A mount that holds the folder among others, such as the whole disk in a monitor's container, says nothing.
      if (mount?.device !== device || !isInside(root, place)) return [];
      return [{ pid: Number(pid), path: join(folder, relative(place, root)), how: 'has it mounted' }];
    });
  });
}

/** @throws Error as `readlink` does, except for a process without a program */
function readLink(kernel: Kernel, path: string): string {
  return readlinkSync(kernelPath(kernel, path));
}

function linkOf(kernel: Kernel, path: string): string | undefined {
  try {
    return readLink(kernel, path);
  } catch {
    return undefined;
  }
}

/** Returns the path in an argument, or in a line of `/proc/PID/maps`. */
function pathIn(text: string): string[] {
  const start = text.indexOf('/');
  return start < 0 ? [] : [text.slice(start)];
}

const withoutMark = (path: string): string => path.replace(/ \(deleted\)$/, '');

function ownerOfFolder(path: string): number {
  try {
    return lstatSync(path).uid;
  } catch {
    return -1;
  }
}
