import { type Deadline, messageOf } from '@runner-actions/core';
import { type ContainerEngine, EngineError, type Residue } from '@runner-actions/host';
import type { ItemOutcome, ItemStep } from '../item.ts';
import type { LeftVolume } from './left-volumes.ts';

/** A container, a network or a volume, with what identifies it. For a step that only informs, `id` is ''. */
export interface ContainerStep extends ItemStep {
  kind: 'container' | 'network' | 'volume';
  /** The socket of its engine. */
  engine: string;
  id: string;
  /** Milliseconds since 1970. */
  created: number | undefined;
  /** `ownVolumes` of the container. */
  volumes: string[];
  /** The volumes that will be left when the runner removes the container. */
  leaves?: LeftVolume[];
}

/** Number of containers that are stopped at the same time. */
const atOnce = 8;
/** Seconds between the stop signal and the kill. */
const grace = 10;

export const left = ({ kind, what }: ContainerStep, reason: string): Residue => ({
  path: `${kind} ${what}`,
  reason,
});

/** Executes the steps of one engine and adds the result to `outcome`. @param began when the job began */
export async function executeSteps(
  engine: ContainerEngine,
  steps: readonly ContainerStep[],
  outcome: ItemOutcome,
  began: number | undefined,
  deadline: Deadline,
): Promise<void> {
  const containers = await stillPlanned(engine, steps, outcome, deadline);
  await stopAll(engine, containers, deadline);
  for (const step of containers)
    await attempt(step, outcome, deadline, () => removeContainer(engine, step.id, deadline));
  await removeVolumes(engine, containers, outcome, began, deadline);
  for (const step of steps.filter(({ kind }) => kind === 'network'))
    await attempt(step, outcome, deadline, async () => {
      const network = await engine.inspectNetwork(step.id, deadline);
      // Podman gives a network of the same name the same id.
      if (network === undefined || network.created !== step.created) return 'gone';
      if (network.inUse) throw new EngineError('a container uses it');
      return engine.removeNetwork(step.id, deadline);
    });
}

/** Removes noted volumes that are still unused. @returns the names of those that are gone */
export async function removeLeftVolumes(
  engine: ContainerEngine,
  steps: readonly ContainerStep[],
  outcome: ItemOutcome,
  deadline: Deadline,
): Promise<string[]> {
  const gone: string[] = [];
  for (const step of steps.filter(({ kind }) => kind === 'volume'))
    await attempt(step, outcome, deadline, async () => {
      try {
        const answer = await engine.removeVolume(step.id, deadline);
        gone.push(step.id);
        return answer;
      } catch (error) {
        // A container has come to use it. It is no residue of this job, and stays noted.
        if (!(error instanceof EngineError)) throw error;
        return 'gone';
      }
    });
  return gone;
}

/** Executes one removal and counts it. A failure becomes residue. */
async function attempt(
  step: ContainerStep,
  outcome: ItemOutcome,
  deadline: Deadline,
  removal: () => Promise<'removed' | 'gone'>,
): Promise<void> {
  if (deadline.remaining() === 0) {
    outcome.finished = false;
    return;
  }
  try {
    if ((await removal()) === 'removed') outcome.removed += 1;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    outcome.residue.push(left(step, messageOf(error)));
  }
}

/** Returns the containers that still are as planned. */
async function stillPlanned(
  engine: ContainerEngine,
  steps: readonly ContainerStep[],
  outcome: ItemOutcome,
  deadline: Deadline,
): Promise<ContainerStep[]> {
  const planned: ContainerStep[] = [];
  for (const step of steps.filter(({ kind }) => kind === 'container'))
    await attempt(step, outcome, deadline, async () => {
      const container = await engine.inspectContainer(step.id, deadline);
      if (container?.created === step.created) planned.push(step);
      return 'gone';
    });
  return planned;
}

/** Stops containers, so that they can end in order. One that cannot be stopped is killed when it is removed. */
async function stopAll(
  engine: ContainerEngine,
  steps: readonly ContainerStep[],
  deadline: Deadline,
): Promise<void> {
  // Leave half of the time for the removal.
  const seconds = Math.max(0, Math.min(grace, Math.floor(deadline.remaining() / 2000)));
  const waiting = [...steps];
  const worker = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift())
      await engine.stopContainer(step.id, seconds, deadline).catch(() => undefined);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** Removes a container. If the engine is already removing it, as after `docker run --rm`, waits until it is gone. */
async function removeContainer(engine: ContainerEngine, id: string, deadline: Deadline): Promise<'removed'> {
  try {
    await engine.removeContainer(id, deadline);
  } catch (error) {
    const isUnderWay = (error as EngineError).status === 409;
    const patience = deadline.limit(isUnderWay ? 5_000 : 0);
    while ((await engine.inspectContainer(id, deadline)) !== undefined) {
      if (patience.remaining() === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  return 'removed';
}

/** Removes what is left of the volumes of removed containers. The engine removes most of them with the container. */
async function removeVolumes(
  engine: ContainerEngine,
  steps: readonly ContainerStep[],
  outcome: ItemOutcome,
  began: number | undefined,
  deadline: Deadline,
): Promise<void> {
  const names = new Map(steps.flatMap((step) => step.volumes.map((name) => [name, step])));
  if (names.size === 0 || began === undefined || deadline.remaining() === 0) return;
  const { items } = await engine.listDanglingVolumes(deadline).catch(() => ({ items: [] }));
  for (const { name, created = 0 } of items) {
    const step = names.get(name);
    if (step === undefined || created < began) continue;
    await attempt(step, outcome, deadline, () => engine.removeVolume(name, deadline));
  }
}
