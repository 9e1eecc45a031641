import type { Random } from '../random.ts';
import type { Setting } from './build-world.ts';
import { canUse, hasRoom, machinesOf, takesJobs, wouldStart } from './would-start.ts';
import {
  isDeclaredOnDemand,
  type Machine,
  type Supply,
  type World,
  type WorldJob,
  type WorldRun,
} from './world.ts';

/** Minutes that an on-demand machine needs until it takes its job. */
export const bootTime = 6;
/** Minutes that a job may wait in an autoscaled pool if the cloud has no machine to give at first. */
const slowBoot = 14;
export const heartbeatWorkflow = 'heartbeat-own.yml';
/** Minutes. */
export const heartbeatMaxAge = 45;

/** Builds the runs of a world, so that they agree with its runners: no job waits for a runner that is idle. */
export function buildRuns(setting: Setting, random: Random): WorldRun[] {
  const world = { ...setting, runs: [] };
  const { wanted } = world;
  const jobs = [
    ...world.machines.flatMap((machine) => jobsOfMachine(world, machine, random)),
    ...world.supplies.flatMap((supply) => jobsOfSupply(world, supply, random)),
  ];
  // A second job asks for fewer labels, so that another machine may take it.
  const second = { labels: wanted.labels.slice(1), group: wanted.group };
  const hasSecond = second.labels.length > 0 && random.number(2) === 0 && !hasRoom(world, second);
  const queuedJobs = [wanted, ...(hasSecond ? [second] : [])].map((one) => ({
    ...one,
    status: 'queued' as const,
  }));
  const runs = [
    ...jobs.map((job) => runOf(job)),
    ...queueAges(world, random).map((age) => ({ status: 'queued' as const, age, jobs: queuedJobs })),
    ...heartbeats(world, random),
  ];
  return runs.map((one, index) => ({ ...one, id: 1000 + index }));
}

function runOf(job: WorldJob): Omit<WorldRun, 'id'> {
  const wait = job.runner?.name.startsWith('on-demand') === true ? bootTime : 1;
  return { status: job.status, age: (job.startedAge ?? 0) + wait, jobs: [job] };
}

/** A pool that was alive lately has a heartbeat of that time, even if it died since. */
function heartbeats(world: World, random: Random): Omit<WorldRun, 'id'>[] {
  if (!world.pool.hasHeartbeat) return [];
  const age = wouldStart(world, world.wanted) ? 2 + random.number(14) : random.pick([30, 90, 600]);
  return [{ status: 'completed', age, workflow: heartbeatWorkflow, jobs: [] }];
}

/** Returns how long the queued runs have waited, in minutes. Empty if every job finds a runner at once. */
function queueAges(world: World, random: Random): number[] {
  const { wanted } = world;
  const reached = machinesOf(world).filter((machine) => canUse(world, machine, wanted));
  if (reached.some((machine) => machine.state === 'idle' && takesJobs(machine))) return [];
  // A hung machine does not keep a job from runners that start when it comes.
  if (reached.some(({ state }) => state === 'hung') && !hasRoom(world, wanted)) return [30];
  if (hasRoom(world, wanted)) {
    const isBoot = world.supplies.some(({ kind }) => kind === 'on-demand');
    const boots = isDeclaredOnDemand(world) ? [bootTime - 0.5, bootTime - 0.5, slowBoot] : [bootTime - 0.5];
    return random.number(3) === 0 ? [] : [isBoot ? random.pick(boots) : 6 + random.number(4)];
  }
  if (random.number(5) === 0) return [];
  return Array.from({ length: 1 + random.number(2) }, () => 7 + random.number(100));
}

/**
 * Whether a busy runner has a job of this repository. A runner of an organization may work for another repository, but
 * then nothing would show that the list is wrong.
 */
function showsItsJob({ scope, listed }: Machine): boolean {
  return scope === 'repository' || listed.isOffline === true;
}

/** Whether the jobs of a world agree with its runners. A world from which something was removed may not be consistent. */
export function isConsistent(world: World): boolean {
  const named = world.runs.flatMap(({ jobs }) =>
    jobs.map((job) => job.status === 'in_progress' && job.runner?.id),
  );
  const busy = [...world.machines, ...world.supplies.flatMap(({ running }) => running)].filter(
    (machine) =>
      machine.state === 'busy' && (machine.scope === 'repository' || canUse(world, machine, world.wanted)),
  );
  return busy.filter(showsItsJob).every(({ id }) => named.includes(id));
}

function jobsOfMachine(world: World, machine: Machine, random: Random): WorldJob[] {
  if (!canUse(world, machine, world.wanted)) {
    const isOwn = machine.scope === 'repository' && machine.state === 'busy';
    const other = { ...world, wanted: { labels: machine.labels, group: undefined } };
    return isOwn ? [takenBy(other, machine, 'in_progress', 1 + random.number(50))] : [];
  }
  const job = (status: WorldJob['status'], startedAge: number) => takenBy(world, machine, status, startedAge);
  switch (machine.state) {
    case 'busy':
      return showsItsJob(machine) || random.number(2) === 0
        ? [job('in_progress', 1 + random.number(50))]
        : [];
    case 'idle':
      return takesJobs(machine) && random.number(2) === 0 ? [job('completed', 4 + random.number(10))] : [];
    default:
      return [job('completed', 150 + random.number(300))];
  }
}

function jobsOfSupply(world: World, supply: Supply, random: Random): WorldJob[] {
  const jobs = supply.running.flatMap((machine) => jobsOfMachine(world, machine, random));
  const past = { id: 800, name: `${supply.kind}-runner-past`, groupId: supply.groupId };
  const isUsed = supply.isAlive && canUse(world, supply, world.wanted) && hasRoom(world, world.wanted);
  const isRecent = isUsed && random.number(2) === 0;
  return isRecent ? [...jobs, takenBy(world, past, 'completed', 8 + random.number(6))] : jobs;
}

function takenBy(
  { wanted, groups }: World,
  { id, name, groupId }: Pick<Machine, 'id' | 'name' | 'groupId'>,
  status: WorldJob['status'],
  startedAge: number,
): WorldJob {
  const group = groups.find((one) => one.id === groupId)?.name ?? 'Default';
  return { ...wanted, status, startedAge, runner: { id, name, group } };
}
