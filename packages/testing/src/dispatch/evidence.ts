import { heartbeatMaxAge, heartbeatWorkflow } from './build-runs.ts';
import { canUse, takesJobs } from './would-start.ts';
import { isDeclaredOnDemand, registered, type World } from './world.ts';

/**
 * Whether only a supply would start a job, and nothing shows it: machines with the labels are listed, no runner of the
 * supply is, and no job was taken by a runner that is not listed. Nobody can know of such a supply.
 */
export function isSupplyHidden(world: World): boolean {
  const { machines, supplies, wanted, runs } = world;
  if (machines.some((machine) => takesJobs(machine) && canUse(world, machine, wanted))) return false;
  const hasLabels = machines.some(({ labels }) => hasAll(labels, wanted.labels));
  const ids = new Set(machines.map(({ id }) => id));
  const isTaken = runs.some(({ jobs }) =>
    jobs.some(({ runner }) => runner !== undefined && !ids.has(runner.id)),
  );
  return hasLabels && !isTaken && supplies.every(({ running }) => running.length === 0);
}

/** Whether a job that an idle machine could take has waited for long, and the jobs can be read. */
export function isHungShown(world: World): boolean {
  if (world.distortion === 'runs-fail') return false;
  const isQueued = world.runs.some(({ status, age }) => status === 'queued' && age >= 5);
  return isQueued && world.machines.some((one) => one.state === 'hung' && canUse(world, one, world.wanted));
}

/** Whether a heartbeat says that a pool is alive. If it died since, the answers contradict each other. */
export function hasFreshHeartbeat({ runs }: World): boolean {
  return runs.some(({ workflow, age }) => workflow === heartbeatWorkflow && age <= heartbeatMaxAge);
}

/** Whether a configuration says that no runner of the pool starts when a job comes, and that is wrong. */
export function isMisdeclared({ pool, supplies }: World): boolean {
  return pool.described === 'config' && pool.kind === 'runners' && supplies.length > 0;
}

/** Whether the jobs of the repository alone use up the maximum that the configuration gives a pool on demand. */
export function isFullShown(world: World): boolean {
  const { pool, wanted, runs, machines, supplies, distortion } = world;
  if (!isDeclaredOnDemand(world) || !pool.hasMaximum || distortion === 'runs-fail') return false;
  if (machines.length > 0 || wanted.group !== undefined || hasFreshHeartbeat(world)) return false;
  const jobs = runs.flatMap((run) => run.jobs);
  const own = jobs.filter(({ status, labels }) => status !== 'completed' && labels === wanted.labels);
  return supplies.some(({ max }) => own.length >= max);
}

/**
 * Whether the answers show that a scale set starts no runners: its listener answers, and a job waits. That a group shuts
 * out the repository shows nowhere.
 */
export function isScaleSetShown(world: World): boolean {
  const isQueued = world.runs.some(({ status }) => status === 'queued');
  return isQueued && world.supplies.every((supply) => canUse(world, supply, world.wanted));
}

/** Whether a job in progress names a machine that is listed as free. */
export function isBusyShown(world: World): boolean {
  const free = registered(world).filter(({ listed }) => listed.busy === false);
  const jobs = world.runs.flatMap((run) => run.jobs).filter(({ status }) => status === 'in_progress');
  return jobs.some(({ runner }) => free.some(({ id }) => id === runner?.id));
}

/** Whether the `runner-token` sees every list that can hold a runner of the repository. */
export function seesAllRunners({ owner, isInEnterprise, sight }: World): boolean {
  if (owner === 'user') return sight !== 'organization';
  return sight === 'enterprise' || (sight === 'all' && !isInEnterprise);
}

function hasAll(own: readonly string[], wanted: readonly string[]): boolean {
  const lower = own.map((label) => label.toLowerCase());
  return wanted.every((label) => lower.includes(label.toLowerCase()));
}
