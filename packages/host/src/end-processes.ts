import { setTimeout as wait } from 'node:timers/promises';
import type { Deadline } from '@runner-actions/core';
import type { ProcessIdentity } from './job-processes.ts';
import { processAlive } from './processes.ts';

/** The result of ending processes. */
export interface Ended<P extends ProcessIdentity> {
  /** Those that have ended, by themselves or by a signal. */
  ended: P[];
  /** Those that are still running, and why. */
  left: { process: P; reason: string }[];
}

/** Milliseconds between two looks at the processes. */
const interval = 50;
/** Milliseconds that a killed process gets to end. */
const killTimeout = 2_000;

/**
 * Ends processes in order: SIGTERM to all, and after `grace` milliseconds SIGKILL to the rest. Right before each signal
 * it checks that the pid still belongs to the same process. Node has no pidfd, so a pid that the system reuses within
 * the microseconds in between gets the signal: the kernel gives out all other pids first.
 * The grace ends earlier if the deadline is near. After the deadline, it sends nothing.
 * @param send sends a signal, as `process.kill` does
 */
export async function endProcesses<P extends ProcessIdentity>(
  processes: readonly P[],
  { grace, deadline }: { grace: number; deadline: Deadline },
  send: (pid: number, signal: NodeJS.Signals) => void = (pid, signal) => process.kill(pid, signal),
): Promise<Ended<P>> {
  const left = new Map<P, string>();
  const signal = (name: NodeJS.Signals): void => {
    for (const process of processes) {
      if (left.has(process) || !isAlive(process)) continue;
      const refusal = sendTo(process, name, send);
      if (refusal !== undefined) left.set(process, refusal);
    }
  };
  const running = (): P[] => processes.filter((process) => !left.has(process) && isAlive(process));
  const settle = async (milliseconds: number): Promise<void> => {
    const limit = deadline.limit(milliseconds);
    while (limit.remaining() > 0 && running().length > 0)
      await wait(Math.min(interval, limit.remaining()) || 1);
  };
  if (deadline.remaining() > 0) {
    signal('SIGTERM');
    // A stopped process gets SIGTERM only when it continues.
    signal('SIGCONT');
    await settle(Math.min(grace, Math.max(0, deadline.remaining() - killTimeout)));
    if (running().length > 0) {
      signal('SIGKILL');
      await settle(killTimeout);
    }
  }
  for (const process of running())
    left.set(process, deadline.remaining() > 0 ? unkillable : 'the time was used up');
  return {
    ended: processes.filter((process) => !left.has(process)),
    left: [...left].map(([process, reason]) => ({ process, reason })),
  };
}

const unkillable = `it has not ended ${killTimeout / 1000} s after SIGKILL: it may wait for a device or a file system`;

function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  // A pid of 0 or less would address a process group, and 1 is the system's.
  if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid) return false;
  return processAlive(pid, startTime) === true;
}

/** @returns why the process did not get the signal; `undefined` if it got it, or has ended */
function sendTo(
  { pid }: ProcessIdentity,
  name: NodeJS.Signals,
  send: (pid: number, signal: NodeJS.Signals) => void,
): string | undefined {
  try {
    send(pid, name);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return undefined;
    return code === 'EPERM' ? 'this user may not signal it' : `it cannot be signalled: ${code}`;
  }
}
