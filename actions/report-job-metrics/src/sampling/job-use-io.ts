import {
  ancestorsOf,
  type Cgroup,
  findCgroup,
  followJob,
  holdsOnlyJob,
  isUnknown,
  type JobProcesses,
  type Kernel,
  listProcesses,
  listRunners,
  ownContainer,
  type ProcessesUse,
  readKernel,
  readUsage,
} from '@runner-actions/host';
import type { JobPlace } from './job-place-io.ts';
import type { JobUse, Sample } from './sample.ts';

/** The part of a sample that tells of the job itself. */
type JobSample = Pick<Sample, 'job' | 'neighbours'>;

export interface JobReader {
  /** @param usage of the cgroup of this process, as the sample has it */
  read(usage?: Sample['cgroup']): JobSample;
  isMember(pid: number): boolean;
  /** Sentences on what cannot be measured. */
  notes(): string[];
}

/**
 * Opens what tells the job's own use: the counters of the cgroup, if it holds this job alone, else the sums over its
 * processes. The counters are more exact: a process that nobody waits for counts until its end.
 */
export function openJobUse(place: JobPlace, kernel: Kernel = {}): JobReader {
  const inside = isAloneInContainer(kernel);
  const { trackingId, parent, helpers = [] } = place;
  const processes = followJob(
    {
      trackingId,
      worker: parent?.isWorker === true ? parent : undefined,
      starter: trackingId === undefined && parent?.isWorker === false ? parent : undefined,
      cgroup: inside,
    },
    [process.pid, ...helpers],
    kernel,
  );
  const first = processes.read();
  const found = findCgroup(kernel);
  const cgroup = isUnknown(found) || !isOwn(found, place, processes, inside, kernel) ? undefined : found;
  const start = cgroup && readUsage(cgroup, kernel).cpuSeconds;
  const notes = notesOn(first, kernel);
  // At the first look, no process of a job may run: between two steps, or before the first.
  let [looks, seen] = [0, cgroup !== undefined || (!isUnknown(first) && first.processes > 0)];
  return {
    notes: () => (looks > 1 && !seen && !isUnknown(first) ? [...notes, noProcesses] : notes),
    isMember: (pid) => processes.isMember(pid),
    read(usage) {
      const use = processes.read();
      looks += 1;
      if (isUnknown(use)) return {};
      seen ||= use.processes > 0;
      const { neighbours, ...own } = use;
      // Between two steps, no process of the job may run. Its use is known nevertheless, once one was seen.
      const ofProcesses: JobUse | undefined = seen ? { source: 'processes', ...own } : undefined;
      const job = start === undefined ? ofProcesses : (useOfCgroup(usage, start, own) ?? ofProcesses);
      return {
        ...(job === undefined ? {} : { job }),
        ...(neighbours === undefined || inside ? {} : { neighbours }),
      };
    },
  };
}

type OwnUse = Omit<ProcessesUse, 'neighbours'>;

/** @param start CPU time of the cgroup when the sampler started */
function useOfCgroup(usage: Sample['cgroup'], start: number, own: OwnUse): JobUse | undefined {
  const { cpuSeconds, anonymousBytes } = usage ?? {};
  if (cpuSeconds === undefined || anonymousBytes === undefined) return undefined;
  return { source: 'cgroup', ...own, cpuSeconds: cpuSeconds - start, memoryBytes: anonymousBytes };
}

/** Whether this process runs in a container that at most one runner shares with it. */
function isAloneInContainer(kernel: Kernel): boolean {
  if (!ownContainer(kernel).inside) return false;
  const runners = listRunners(kernel);
  return !isUnknown(runners) && runners.filter(({ kind }) => kind === 'Listener').length <= 1;
}

function isOwn(
  cgroup: Cgroup,
  { parent, helpers = [] }: JobPlace,
  processes: JobProcesses,
  inside: boolean,
  kernel: Kernel,
): boolean {
  if (inside) return true;
  const all = listProcesses(kernel);
  const above = new Set(parent && !isUnknown(all) ? ancestorsOf(parent.pid, all) : []);
  const isOurs = (pid: number): boolean =>
    pid === process.pid ||
    helpers.includes(pid) ||
    above.has(pid) ||
    processes.isMember(pid) ||
    pid === parent?.pid;
  return holdsOnlyJob(cgroup, isOurs, process.pid, kernel);
}

const noProcesses =
  'What this job itself used is unknown: its processes have no tracking id, and the process that starts its steps is not visible.';

function notesOn(first: ReturnType<JobProcesses['read']>, kernel: Kernel): string[] {
  if (isUnknown(first)) return [`What this job itself used is unknown: ${first.unknown}.`];
  const notes: string[] = [];
  if (readKernel(kernel, '/proc/stat') === undefined)
    notes.push(
      '/proc shows only processes here (subset=pid), so CPU, memory and network of the machine are unknown.',
    );
  if (readKernel(kernel, '/proc/1/stat') === undefined)
    notes.push(
      '/proc hides the processes of other users here (hidepid), so other jobs of this machine are unknown.',
    );
  return notes;
}
