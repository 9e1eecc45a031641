import type { HostProcess } from './processes.ts';

/** Identifies a process, even after another one got the same pid. */
export type ProcessIdentity = Pick<HostProcess, 'pid' | 'startTime'>;

/** A process of a job. */
export interface JobProcess extends HostProcess {
  /**
   * Why it belongs to the job: `id`: the tracking id is in its environment. `parent`: its environment has no tracking
   * id, and it descends from a process that has it.
   */
  proof: 'id' | 'parent';
}

/** Names of the runner's own processes. Source: actions/runner, src. */
const runnerNames = new Set(['Runner.Listener', 'Runner.Worker']);

/**
 * Finds the processes of a job: those with its tracking id, and their descendants that have none. Leaves out zombies,
 * and processes that belong to something else, with their descendants:
 * - those with another tracking id. Another job gave it to them, or they were started in a way that keeps them;
 * - those of a container, if they do not have the tracking id themselves;
 * - a runner that the job started, with what started it.
 *
 * A process without a tracking id whose parent has ended is not found: nothing shows where it came from.
 * @param all as `listProcesses` returns it
 */
export function processesOfJob(all: readonly HostProcess[], trackingId: string): JobProcess[] {
  const running = all.filter(({ zombie }) => !zombie);
  const children = childrenIn(running);
  const runners = new Set(running.filter(({ name }) => runnerNames.has(name)).map(({ pid }) => pid));
  const excluded = new Set([...runners, ...[...runners].flatMap((pid) => ancestorsOf(pid, running))]);
  const found = new Map<number, JobProcess>();
  for (const process of running) {
    if (process.trackingId === trackingId && !excluded.has(process.pid))
      found.set(process.pid, { ...process, proof: 'id' });
  }
  const open: HostProcess[] = [...found.values()];
  for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
    for (const child of children.get(parent.pid) ?? []) {
      // A parent that started later is not the parent: its pid was given to another process.
      if (child.startTime < parent.startTime || found.has(child.pid)) continue;
      if (child.trackingId !== undefined || child.nested) continue;
      found.set(child.pid, { ...child, proof: 'parent' });
      open.push(child);
    }
  }
  return [...found.values()];
}

/** Returns the pids of the processes that these started, and that those started, and so on. Contains `pids` too. */
export function descendantsOf(pids: readonly number[], all: readonly HostProcess[]): Set<number> {
  const children = childrenIn(all);
  const found = new Set(pids);
  // A set also visits what is added during the loop.
  for (const pid of found) for (const child of children.get(pid) ?? []) found.add(child.pid);
  return found;
}

/** Returns the pids of the parent of a process, of the parent's parent, and so on, in this order. */
export function ancestorsOf(pid: number, all: readonly HostProcess[]): number[] {
  const parents = new Map(all.map((process) => [process.pid, process.parent]));
  const found = new Set<number>();
  for (
    let parent = parents.get(pid);
    parent !== undefined && !found.has(parent);
    parent = parents.get(parent)
  )
    if (parents.has(parent)) found.add(parent);
  return [...found];
}

function childrenIn(all: readonly HostProcess[]): Map<number, HostProcess[]> {
  const children = new Map<number, HostProcess[]>();
  for (const process of all) {
    const siblings = children.get(process.parent);
    if (siblings === undefined) children.set(process.parent, [process]);
    else siblings.push(process);
  }
  return children;
}
