import { basename } from 'node:path';
import { quote } from '@runner-actions/core';
import {
  ancestorsOf,
  descendantsOf,
  type HostProcess,
  isInside,
  isUnknown,
  type JobProcess,
  type MaybeUnknown,
  type ProcessIdentity,
  processesOfJob,
} from '@runner-actions/host';
import type { ItemStep } from '../item.ts';

/** A process and what the plan does with it. */
export interface ProcessStep extends ItemStep {
  process: ProcessIdentity;
}

export interface ProcessPlan {
  steps: ProcessStep[];
  /** What is not done, as sentences. */
  notes: string[];
}

/** What is known about the processes of the machine. */
export interface ProcessFacts {
  all: MaybeUnknown<readonly HostProcess[]>;
  /** The running helpers of Runner Actions. */
  helpers: MaybeUnknown<readonly ProcessIdentity[]>;
  /** RUNNER_TRACKING_ID. */
  trackingId: string | undefined;
  /** The pid of this process. */
  self: number;
  /** Its path without links. */
  workspace: string;
}

/** Number of processes that a plan ends. More means that something starts processes without end. */
const maxProcesses = 1_000;

/** The runner gives each job an id of its own: `github_` and a GUID. Source: actions/runner, JobExtension.cs. */
const uniqueId = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * Creates the plan: ends the processes of this job whose step has ended. Each of them has two proofs: the tracking id or
 * a parent that has it, and a start after the start of the job. Without both, a process is left alone.
 */
export function planProcesses(facts: ProcessFacts): ProcessPlan {
  const view = viewOf(facts);
  if (isUnknown(view))
    return { steps: [], notes: [`Processes that steps left behind are not ended: ${view.unknown}.`] };
  const mine = view.left.filter(({ user }) => user === view.self.user);
  const steps = [
    ...mine.slice(0, maxProcesses).map((process) => stepFor(process, view)),
    ...unproven(facts, view).slice(0, maxProcesses),
  ].sort((one, other) => one.process.pid - other.process.pid);
  const notes = [
    ...leftAlone(view.left.length - mine.length, 'this user may not end those of other users'),
    ...leftAlone(mine.length - maxProcesses, `one plan ends ${maxProcesses}`),
  ];
  return { steps, notes };
}

function leftAlone(count: number, why: string): string[] {
  if (count <= 0) return [];
  const processes = count === 1 ? '1 process of this job is' : `${count} processes of this job are`;
  return [`${processes} left alone: ${why}.`];
}

/** The processes of this job that are left, seen from this process. */
interface View {
  all: readonly HostProcess[];
  self: HostProcess;
  /** The process that started the steps: the runner's worker. */
  worker: HostProcess;
  /** The pids of the worker, its parents, and everything that it still runs, which includes this process. */
  atWork: Set<number>;
  /** The pids of the helpers of Runner Actions, and of what they started. */
  helpers: Set<number>;
  /** The processes of the job that no running step started. */
  left: JobProcess[];
}

function viewOf({ all, helpers, trackingId, self: pid }: ProcessFacts): MaybeUnknown<View> {
  if (trackingId === undefined)
    return {
      unknown: 'RUNNER_TRACKING_ID, which marks them, is not set here. A job container does not get it',
    };
  if (!uniqueId.test(trackingId))
    return {
      unknown: `RUNNER_TRACKING_ID is ${quote(trackingId)}, which the runner did not set. Processes of other jobs may have it too`,
    };
  if (isUnknown(all)) return { unknown: `${all.unknown}. The runner kills those with its tracking id` };
  if (isUnknown(helpers)) return helpers;
  const byPid = new Map(all.map((process) => [process.pid, process]));
  const self = byPid.get(pid);
  const above = ancestorsOf(pid, all).flatMap((ancestor) => byPid.get(ancestor) ?? []);
  const worker = above.find((ancestor) => ancestor.trackingId !== trackingId);
  if (self === undefined || worker === undefined)
    return { unknown: "the runner's own process is not visible here, as in a container" };
  const atWork = descendantsOf([worker.pid], all);
  for (const { pid } of above) atWork.add(pid);
  return {
    all,
    self,
    worker,
    atWork,
    helpers: descendantsOf(
      helpers.filter(isSame(byPid)).map(({ pid }) => pid),
      all,
    ),
    left: processesOfJob(all, trackingId).filter(({ pid }) => !atWork.has(pid)),
  };
}

const isSame =
  (byPid: ReadonlyMap<number, HostProcess>) =>
  ({ pid, startTime }: ProcessIdentity): boolean =>
    byPid.get(pid)?.startTime === startTime;

function stepFor(process: JobProcess, { worker, helpers }: View): ProcessStep {
  const step = { what: nameOf(process), process: identityOf(process) };
  if (helpers.has(process.pid))
    return { ...step, action: 'keep', why: 'a helper of Runner Actions that is at work' };
  if (process.startTime < worker.startTime)
    return { ...step, action: 'keep', why: "has this job's RUNNER_TRACKING_ID, but started before the job" };
  const why =
    process.proof === 'id'
      ? "has this job's RUNNER_TRACKING_ID, and its step has ended"
      : `started by process ${process.parent}, which a step of this job left behind`;
  return { ...step, action: 'remove', why };
}

/**
 * Tells about processes that probably belong to the job, but have one proof at most: they started during the job and work
 * in its workspace.
 */
function unproven({ workspace, trackingId }: ProcessFacts, view: View): ProcessStep[] {
  const { all, self, worker, atWork } = view;
  const known = new Set(view.left.map(({ pid }) => pid));
  return all
    .filter(({ pid, user, zombie, startTime, directory }) => {
      const candidate = user === self.user && !zombie && startTime >= worker.startTime;
      return candidate && !atWork.has(pid) && !known.has(pid) && isInside(directory ?? '/', workspace);
    })
    .map((process) => ({
      action: 'keep' as const,
      what: nameOf(process),
      process: identityOf(process),
      why: reasonToLeave(process, trackingId),
    }));
}

function reasonToLeave(process: HostProcess, trackingId: string | undefined): string {
  if (process.trackingId === trackingId) return 'belongs to another runner, which a step of this job started';
  if (process.trackingId !== undefined) return 'works in the workspace, with another RUNNER_TRACKING_ID';
  if (process.nested) return 'works in the workspace, in a container';
  return 'works in the workspace, but nothing shows that this job started it: its parent has ended, and it has no RUNNER_TRACKING_ID';
}

const identityOf = ({ pid, startTime }: ProcessIdentity): ProcessIdentity => ({ pid, startTime });

/** Shows only the program: arguments may contain secrets. The process itself may have chosen this text. */
function nameOf({ command, pid }: HostProcess): string {
  const program = basename(command.split(' ', 1)[0] ?? '').replaceAll(/\p{C}/gu, '?');
  return `${program.slice(0, 60)} (pid ${pid})`;
}
