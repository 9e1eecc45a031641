import type { ProcessCounters } from './process-counters.ts';

/** A process of the job, under the name that is told. */
export interface Member extends ProcessCounters {
  shown: string;
}

/** What processes of one name used. */
export interface NamedUse {
  name: string;
  /** CPU time since the previous look. */
  cpuSeconds: number;
  /** Anonymous memory now, of all processes with this name. */
  memoryBytes: number;
}

/** What a look at the processes added. */
export interface Change {
  /** CPU time since the previous look, of processes that ended too. */
  cpuSeconds: number;
  byName: Map<string, NamedUse>;
}

/**
 * Compares two looks at the processes of a job.
 *
 * When a process ends, the kernel adds its CPU time to the parent that waits for it. What such a parent gained is
 * therefore compared with what is known of the processes that ended below it: each second counts once. A process
 * whose parent does not wait for it, or is not of the job, counts as far as it was seen.
 */
export function changeBetween(before: ReadonlyMap<number, Member>, now: ReadonlyMap<number, Member>): Change {
  const byName = new Map<string, NamedUse>();
  let cpuSeconds = 0;
  const add = (name: string, cpu: number, memoryBytes: number): void => {
    const use = byName.get(name);
    if (use === undefined) byName.set(name, { name, cpuSeconds: cpu, memoryBytes });
    else {
      use.cpuSeconds += cpu;
      use.memoryBytes += memoryBytes;
    }
    cpuSeconds += cpu;
  };
  const endedBelow = endedByWaiter(before, now);
  for (const member of now.values()) {
    const old = sameProcess(before, member);
    add(member.shown, Math.max(0, member.cpuSeconds - (old?.cpuSeconds ?? 0)), member.memoryBytes);
    // Of the processes that ended below it, this is what nobody had seen.
    const reaped = member.reapedSeconds - (old?.reapedSeconds ?? 0) - (endedBelow.get(member.pid) ?? 0);
    if (reaped > 0) add(`children of ${member.shown}`, reaped, 0);
  }
  return { cpuSeconds, byName };
}

/** Returns for each process that waits the CPU time, as last seen, of the processes that ended below it. */
function endedByWaiter(
  before: ReadonlyMap<number, Member>,
  now: ReadonlyMap<number, Member>,
): Map<number, number> {
  const below = new Map<number, number>();
  for (const ended of before.values()) {
    if (sameProcess(now, ended) !== undefined) continue;
    const waiter = waiterOf(ended, before, now);
    if (waiter === undefined) continue;
    below.set(waiter, (below.get(waiter) ?? 0) + ended.cpuSeconds + ended.reapedSeconds);
  }
  return below;
}

/** Returns the nearest ancestor that still runs. Those between it and the process have ended too. */
function waiterOf(
  ended: Member,
  before: ReadonlyMap<number, Member>,
  now: ReadonlyMap<number, Member>,
): number | undefined {
  for (let parent = before.get(ended.parent), depth = 0; parent !== undefined && depth < 100; depth += 1) {
    if (sameProcess(now, parent) !== undefined) return parent.pid;
    parent = before.get(parent.parent);
  }
  return undefined;
}

function sameProcess(all: ReadonlyMap<number, Member>, { pid, startTime }: Member): Member | undefined {
  const found = all.get(pid);
  return found?.startTime === startTime ? found : undefined;
}
