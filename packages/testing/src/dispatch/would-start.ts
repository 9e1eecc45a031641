import type { Group, Machine, Supply, Wanted, World } from './world.ts';

/** GitHub gives no job to a runner of an older version. Source: GitHub's changelog of 2026-06-12. */
const oldestVersion = [2, 329, 0];

/**
 * Returns whether GitHub would start a job within a day: a runner or a supply that the repository and the workflow file
 * may use has all the labels and is alive, even if it is busy now.
 */
export function wouldStart(world: World, wanted: Wanted): boolean {
  return (
    machinesOf(world).some((machine) => takesJobs(machine) && canUse(world, machine, wanted)) ||
    world.supplies.some((supply) => supply.isAlive && supply.max > 0 && canUse(world, supply, wanted))
  );
}

/** Returns whether a runner or a supply would start such a job at once, or after it has booted. */
export function hasRoom(world: World, wanted: Wanted): boolean {
  const isIdle = (machine: Machine): boolean => machine.state !== 'busy' && takesJobs(machine);
  const isSmall = ({ isAlive, max, running }: Supply): boolean => isAlive && running.length < max;
  return (
    machinesOf(world).some((machine) => isIdle(machine) && canUse(world, machine, wanted)) ||
    world.supplies.some((supply) => isSmall(supply) && canUse(world, supply, wanted))
  );
}

/** Returns the machines that stay registered. A job that names only a group may run on a filler too. */
export function machinesOf({ machines, fillers }: World): readonly Machine[] {
  return [...machines, ...fillers];
}

/** Returns whether a machine that is registered takes jobs, now or when it is free. */
export function takesJobs({ state, version }: Machine): boolean {
  return (state === 'idle' || state === 'busy' || state === 'asleep') && !isBelowFloor(version);
}

function isBelowFloor(version: string | undefined): boolean {
  if (version === undefined) return false;
  const parts = version.split('.').map(Number);
  const first = oldestVersion.findIndex((part, index) => part !== parts[index]);
  return first >= 0 && (parts[first] ?? 0) < (oldestVersion[first] ?? 0);
}

/** Returns whether jobs of the world's repository and workflow file may reach a runner, and whether it has the labels. */
export function canUse(
  world: World,
  place: Pick<Machine | Supply, 'scope' | 'groupId' | 'labels'>,
  { labels, group: name }: Wanted,
): boolean {
  const own = place.labels.map((label) => label.toLowerCase());
  if (!labels.every((label) => own.includes(label.toLowerCase()))) return false;
  if (place.scope === 'repository') return name === undefined;
  const group = world.groups.find(({ id }) => id === place.groupId);
  if (world.owner === 'user' || group === undefined) return false;
  return isNamed(group, name) && isOpen(world, group);
}

function isNamed({ name, isInherited }: Group, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  const names = [name, `${isInherited ? 'ent' : 'org'}/${name}`];
  return names.some((one) => one.toLowerCase() === wanted.toLowerCase());
}

/** Returns whether a group lets in this repository and the file in which the job is written. */
export function isOpen({ isPublic, files }: World, group: Group): boolean {
  if (isPublic && !group.allowsPublic) return false;
  if (group.visibility === 'private' && isPublic) return false;
  if (group.visibility === 'selected' && !group.isSelected) return false;
  return group.workflows === undefined || group.workflows.includes(files.job);
}
