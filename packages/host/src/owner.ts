import { lstatSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import { bootId, processAlive, readProcess } from './processes.ts';

/** A process that holds something: enough to tell that it has died, even when its number is used again. */
export interface Owner {
  pid: number;
  /** `undefined` where processes cannot be read. */
  startTime: number | undefined;
  boot: string | undefined;
  /** A container numbers its processes by itself: a pid of another one says nothing here. */
  namespace: string | undefined;
  /** Of machines that share a file system: what another one does cannot be seen here. */
  host: string;
}

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
 * Who lives as long as the job: the runner's worker, which starts each phase of each action. Where an action is started
 * by something that cannot be seen (from outside of a container), nothing is known but this machine's boot.
 */
export function jobOwner(): Owner {
  return ownerOf(process.ppid);
}

/** Whether the owner has died; `undefined`: it cannot be told here. */
export function isDead(owner: Owner): boolean | undefined {
  if (owner.host !== thisHost) return undefined;
  const boot = bootId();
  if (boot !== undefined && owner.boot !== undefined && boot !== owner.boot) return true;
  if (process.platform !== 'linux') return isGone(owner.pid) ? true : undefined;
  if (owner.startTime === undefined || owner.namespace !== namespaceOf(process.pid)) return undefined;
  if (processAlive(owner.pid, owner.startTime) !== false) return false;
  // A system may hide processes of other users (`hidepid`): then a number that is in use may be its own.
  return readProcess(owner.pid) !== undefined || isGone(owner.pid) ? true : undefined;
}

/** Where processes cannot be read, a number that nobody has is all that can be told; one that somebody has may be another's. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** The owner as part of a file's name: made by one call, the file is never there without its owner. */
export function ownerName({ pid, startTime, boot, namespace, host }: Owner): string {
  return [pid, startTime ?? '', boot ?? '', namespace ?? '', host].join('_');
}

/** What `ownerName` wrote, wherever it stands in a name; `undefined`: there is none. */
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
 * Whether whoever made a file or folder, named in its name, has died; where that cannot be told, whether it is old.
 * @param after milliseconds
 */
export function isDebris(path: string, after: number, now: number): boolean {
  return isLeftOver(path, readOwnerName(basename(path)), after, now);
}

/** The same of what is owned otherwise; `undefined`: by nobody that is known. */
export function isLeftOver(path: string, owner: Owner | undefined, after: number, now: number): boolean {
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
