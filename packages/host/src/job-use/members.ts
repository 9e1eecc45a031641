import { readKernel, readKernelStart, type Kernel } from '../kernel-files.ts';
import type { ProcessIdentity } from '../job-processes.ts';
import type { ProcessCounters } from './process-counters.ts';

/** How the processes of a job are told from others. */
export interface JobSigns {
  /** The runner's worker, which starts each step; `undefined` if it is not visible, as in a container. */
  worker: ProcessIdentity | undefined;
  /** RUNNER_TRACKING_ID, which each step has in its environment. */
  trackingId: string | undefined;
  /**
   * The process that starts the steps, if it is not a runner's worker: what it starts counts, but not it itself. Only
   * where there is no tracking id: one such process may run several jobs.
   */
  starter: ProcessIdentity | undefined;
  /** Whether all that is in this process's cgroup is the job's, as in a container that a job has for itself. */
  cgroup: boolean;
}

/** Bytes of an environment in which the tracking id is looked for. */
const maxEnvironment = 128 * 1024;

type Members = ReadonlyMap<number, ProcessCounters>;

export interface MemberTest {
  /** Decides whether a process is the job's. @param members those that are known already */
  isMember(process: ProcessCounters, members: Members): boolean;
  /** Forgets sessions in which no process of the job is left: another process can get their number. */
  keep(members: Members): void;
}

/** Decides which processes are the job's. It remembers sessions, since a process may outlive all its ancestors. */
export function memberTest(signs: JobSigns, kernel: Kernel = {}): MemberTest {
  const sessions = new Set<number>();
  const ownCgroup = signs.cgroup ? readKernel(kernel, '/proc/self/cgroup') : undefined;
  const isOne = (identity: ProcessIdentity | undefined, pid: number, startTime?: number): boolean =>
    identity?.pid === pid && (startTime === undefined || identity.startTime === startTime);
  const hasSign = (process: ProcessCounters, members: Members): boolean => {
    if (ownCgroup !== undefined) return readKernel(kernel, `/proc/${process.pid}/cgroup`) === ownCgroup;
    if (isOne(signs.worker, process.pid, process.startTime)) return true;
    const parent = members.get(process.parent);
    // A parent that started later is not the parent: its pid was given to another process.
    if (parent !== undefined && parent.startTime <= process.startTime) return true;
    if (isOne(signs.starter, process.parent)) return true;
    // The leader of a session has its number. A new one is not in the session of the job that had this number before.
    if (process.session !== process.pid && sessions.has(process.session)) return true;
    return signs.trackingId !== undefined && hasTrackingId(process.pid, signs.trackingId, kernel);
  };
  return {
    isMember: (process, members) => {
      const isMember = hasSign(process, members);
      if (process.session === process.pid) sessions.delete(process.session);
      // The session of the worker may be that of a terminal in which other runners run too.
      if (isMember && process.session === process.pid && !isOne(signs.worker, process.pid))
        sessions.add(process.session);
      return isMember;
    },
    keep: (members) => {
      const used = new Set([...members.values()].map(({ session }) => session));
      for (const session of sessions) if (!used.has(session)) sessions.delete(session);
    },
  };
}

function hasTrackingId(pid: number, trackingId: string, kernel: Kernel): boolean {
  const environment = readKernelStart(kernel, `/proc/${pid}/environ`, maxEnvironment);
  return environment?.split('\0').includes(`RUNNER_TRACKING_ID=${trackingId}`) ?? false;
}
