import { readdirSync } from 'node:fs';
import { isUnknown, type MaybeUnknown } from '../maybe-unknown.ts';
import { type Kernel, kernelPath, readKernel, unsupported } from '../kernel-files.ts';
import { changeBetween, type Member, type NamedUse } from './account.ts';
import { type JobSigns, memberTest } from './members.ts';
import { pageSizeOf, type ProcessCounters, readCounters, shownName } from './process-counters.ts';

/** What the processes of a job use, with those that ended. */
export interface ProcessesUse {
  /** CPU time since the first look. Never falls. */
  cpuSeconds: number;
  /** Anonymous memory, as `top` shows RES without SHR. */
  memoryBytes: number;
  processes: number;
  /** Those with most CPU time since the previous look, and those with most memory. */
  heaviest: NamedUse[];
  /** Number of workers of other runners that run; `undefined` if processes of other users are hidden. */
  neighbours: number | undefined;
}

export interface JobProcesses {
  /** Looks at all processes. Only those of the job, and new ones, cost more than their name. */
  read(): MaybeUnknown<ProcessesUse>;
  /** Whether a process was the job's at one of the last two looks. */
  isMember(pid: number): boolean;
}

/** Number of names that a look tells, by CPU time and by memory. */
const [mostByCpu, mostByMemory] = [5, 3];

/** Follows the processes of a job. @param self pids that do not count, such as that of a sampler */
export function followJob(signs: JobSigns, self: readonly number[], kernel: Kernel = {}): JobProcesses {
  const table = processTable(signs, new Set(self), kernel);
  let before: ReadonlyMap<number, Member> = new Map();
  let earlier = before;
  let cpuSeconds: number | undefined;
  return {
    isMember: (pid) => before.has(pid) || earlier.has(pid),
    read() {
      const looked = table();
      if (isUnknown(looked)) return looked;
      const { members, neighbours } = looked;
      const change = changeBetween(before, members);
      const isFirst = cpuSeconds === undefined;
      cpuSeconds = cpuSeconds === undefined ? 0 : cpuSeconds + change.cpuSeconds;
      [earlier, before] = [before, members];
      return {
        cpuSeconds,
        memoryBytes: [...members.values()].reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
        processes: members.size,
        heaviest: isFirst ? [] : heaviestOf([...change.byName.values()]),
        neighbours,
      };
    },
  };
}

/** Returns the names with most CPU time, and those with most memory, each once. */
export function heaviestOf(uses: readonly NamedUse[]): NamedUse[] {
  const first = (by: (use: NamedUse) => number, most: number): NamedUse[] =>
    uses
      .filter((use) => by(use) > 0)
      .sort((a, b) => by(b) - by(a))
      .slice(0, most);
  const chosen = [
    ...first((use) => use.cpuSeconds, mostByCpu),
    ...first((use) => use.memoryBytes, mostByMemory),
  ];
  return [...new Set(chosen)];
}

interface Look {
  members: Map<number, Member>;
  neighbours: number | undefined;
}

/** A process that is not the job's is not read again. Its pid leaves the table when it ends. */
type Other = 'other' | 'worker';

function processTable(signs: JobSigns, self: ReadonlySet<number>, kernel: Kernel): () => MaybeUnknown<Look> {
  const test = memberTest(signs, kernel);
  const pageSize = pageSizeOf(kernel);
  const isNewPid = newPids(kernel);
  let others = new Map<number, Other>();
  let members = new Map<number, Member>();
  return () => {
    const pids = listPids(kernel);
    if (isUnknown(pids)) return pids;
    const isNew = isNewPid();
    const next = { others: new Map<number, Other>(), members: new Map<number, Member>() };
    const fresh: ProcessCounters[] = [];
    for (const pid of pids) {
      const other = others.get(pid);
      if (other !== undefined && !isNew(pid)) {
        next.others.set(pid, other);
        continue;
      }
      const counters = readCounters(pid, pageSize, kernel);
      if (counters === undefined) continue;
      const old = members.get(pid);
      if (old?.startTime !== counters.startTime) fresh.push(counters);
      else next.members.set(pid, { ...counters, shown: nameOf(counters, old, kernel) });
    }
    // A parent is older than its children, so it is decided first.
    fresh.sort((a, b) => a.startTime - b.startTime || a.pid - b.pid);
    for (const counters of fresh) {
      // What this process starts, such as a program that reads GPUs, is not the job's either.
      if (self.has(counters.pid) || self.has(counters.parent)) next.others.set(counters.pid, 'other');
      else if (test.isMember(counters, next.members))
        next.members.set(counters.pid, { ...counters, shown: shownName(counters, kernel) });
      else next.others.set(counters.pid, counters.name === 'Runner.Worker' ? 'worker' : 'other');
    }
    test.keep(next.members);
    ({ others, members } = next);
    const workers = [...others.values()].filter((kind) => kind === 'worker').length;
    // Where processes of other users are hidden, the first process is hidden too.
    return { members, neighbours: pids.includes(1) ? workers : undefined };
  };
}

/**
 * Returns a function that tells at each look which pids were given since the look before, so that a process is not taken
 * for another one that had its pid. The kernel gives pids in order, and begins again at the end. Source:
 * proc_loadavg(5).
 */
function newPids(kernel: Kernel): () => (pid: number) => boolean {
  const lastPid = (): number =>
    Number(readKernel(kernel, '/proc/loadavg')?.trim().split(' ').at(-1) ?? Number.NaN);
  let before = lastPid();
  return () => {
    const [from, to] = [before, lastPid()];
    before = to;
    return (pid) => (to >= from ? pid > from && pid <= to : pid > from || pid <= to);
  };
}

/** A new process first has the name of the one that started it. */
function nameOf(now: ProcessCounters, old: Member, kernel: Kernel): string {
  return now.name === old.name ? old.shown : shownName(now, kernel);
}

function listPids(kernel: Kernel): MaybeUnknown<number[]> {
  const reason = unsupported(kernel, 'Processes');
  if (reason !== undefined) return { unknown: reason };
  try {
    return readdirSync(kernelPath(kernel, '/proc'))
      .map(Number)
      .filter((pid) => pid > 0);
  } catch (error) {
    return { unknown: `Processes cannot be listed: ${(error as Error).message}` };
  }
}
