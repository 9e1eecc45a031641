import { hostname } from 'node:os';
import type { Deadline, Job } from '@runner-actions/core';
import {
  findEngines,
  type FoundEngines,
  localPathOf,
  otherRunners,
  ownContainer,
  readRunnerFile,
  runnerFolders,
  workerStart,
} from '@runner-actions/host';
import type { ContainerFacts } from './containers.ts';
import { type VolumeNotes, volumeNotes } from './left-volumes.ts';

/** How the item reaches the machine. */
export interface ContainerSources {
  engines(deadline: Deadline): Promise<FoundEngines>;
  /** The facts about the job, except those that depend on the engine and the time. */
  facts: Omit<ContainerFacts, 'sameMachine' | 'now'>;
  isOwn(id: string): boolean;
  /** Whether this process runs in a container, so that its paths may not be those of the engine. */
  inside: boolean;
  /** The name of this machine. */
  machine: string;
  /** The volumes that containers of earlier jobs left. */
  notes: VolumeNotes;
  /** Resolves links in a path. */
  resolve(path: string): string;
}

/**
 * Finds the facts about a job and its machine.
 * @param protect paths that the machine's policy protects
 */
export function containerSources(job: Job, protect: readonly string[]): ContainerSources {
  const { work, temp, root } = runnerFolders(job);
  const real = (path: string): string => localPathOf(path, work);
  const realRoot = root === undefined ? undefined : real(root);
  const { runners, alone } = otherRunners(realRoot);
  const { inside, isOwn } = ownContainer();
  return {
    engines: (deadline) => findEngines(job.environment, deadline),
    facts: {
      label: realRoot === undefined ? undefined : readRunnerFile(realRoot)?.label,
      otherLabels: runners.flatMap(({ label }) => label ?? []),
      otherFolders: runners.flatMap(({ root: folder, work: its }) => [folder, its]),
      alone,
      began: workerStart(Date.now()),
      work: real(work),
      workspace: real(job.workspace),
      temp: real(temp),
      protect: [...protect, ...protect.map(real)],
    },
    ...{ inside, isOwn, machine: hostname(), notes: volumeNotes(realRoot), resolve: real },
  };
}
