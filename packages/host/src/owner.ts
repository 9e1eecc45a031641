import { lstatSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import { bootId, processAlive, readProcess } from './processes.ts';

/** A process that owns a file or folder. The fields identify it even after another process got the same pid. */
export interface Owner {
  pid: number;
  /** `undefined` if processes cannot be read. */
  startTime: number | undefined;
  boot: string | undefined;
  /** The pid namespace. Each container has its own pids, so a pid of another namespace is meaningless here. */
  namespace: string | undefined;
  /**
   * The name of the machine. Machines may share a file system, and processes of another machine are not visible here.
   */
  host: string;
}

/** Describes a process as an owner. */
export function ownerOf(pid: number): Owner {
  return {
    pid,
    startTime: readProcess(pid)?.startTime,
    boot: bootId(),
    namespace: namespaceOf(pid),
    host: thisHost,
  };
}

const thisHost = hostname().replaceAll(/[^A-Za-z0-9.-]/g, '-');

/**
 * Returns the process that lives as long as the job: the runner's worker, which starts each phase of each action. If
 * a process that is not visible starts the action (from outside of a container), only the boot id of this machine is
 * known.
 */
export function jobOwner(): Owner {
  return ownerOf(process.ppid);
}

/** Returns whether the owner has ended; `undefined` if it cannot be determined on this machine. */
export function isDead(owner: Owner): boolean | undefined {
  if (owner.host !== thisHost) return undefined;
  const boot = bootId();
  if (boot !== undefined && owner.boot !== undefined && boot !== owner.boot) return true;
  if (process.platform !== 'linux') return isGone(owner.pid) ? true : undefined;
  if (owner.startTime === undefined || owner.namespace !== namespaceOf(process.pid)) return undefined;
  if (processAlive(owner.pid, owner.startTime) !== false) return false;
  // The system may hide processes of other users (`hidepid`). Then a pid in use may still belong to the owner.
  return readProcess(owner.pid) !== undefined || isGone(owner.pid) ? true : undefined;
}

/** Returns whether no process has this pid. If one has, it may be another process, so `false` proves nothing. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Formats an owner for use in a file name. One call then creates the file together with its owner. */
export function ownerName({ pid, startTime, boot, namespace, host }: Owner): string {
  return [pid, startTime ?? '', boot ?? '', namespace ?? '', host].join('_');
}

/**
 * Finds and parses the owner that `ownerName` wrote, anywhere in a name.
 * @returns `undefined` if the name contains none
 */
export function readOwnerName(name: string): Owner | undefined {
  const [, pid, startTime, boot, namespace, host = ''] =
    /(?:^|-)(\d+)_(\d*)_([\da-f-]*)_(\d*)_([A-Za-z0-9.-]*)(?:_|$)/.exec(name) ?? [];
  if (pid === undefined) return undefined;
  return {
    pid: Number(pid),
    startTime: startTime ? Number(startTime) : undefined,
    boot: boot || undefined,
    namespace: namespace || undefined,
    host,
  };
}

/**
 * Returns whether a file or folder is an orphan: the process that its name holds has ended. If that cannot be
 * determined, a path that has not changed for `after` milliseconds is an orphan.
 */
export function isOrphan(path: string, after: number, now: number): boolean {
  return isOrphanOf(path, readOwnerName(basename(path)), after, now);
}

/**
 * Returns whether a path is an orphan, for an owner that its name does not hold.
 * @param owner `undefined` if the owner is not known
 * @param after age in milliseconds
 */
export function isOrphanOf(path: string, owner: Owner | undefined, after: number, now: number): boolean {
  const dead = owner === undefined ? undefined : isDead(owner);
  if (dead !== undefined) return dead;
  const modified = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now;
  return now - modified > after;
}

function namespaceOf(pid: number): string | undefined {
  try {
    return /\d+/.exec(readlinkSync(`/proc/${pid}/ns/pid`))?.[0];
  } catch {
    return undefined;
  }
}
