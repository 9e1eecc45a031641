import { hostname } from 'node:os';
import type { Deadline, Job } from '@runner-actions/core';
import {
  findEngines,
  type FoundEngines,
  localPathOf,
  otherRunners,
  ownContainer,
  readRunnerFile,
  type RunnerFolders,
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

/** The runner of a job, or one without a job. */
export interface SourceRunner {
  folders: Pick<RunnerFolders, 'work' | 'temp' | 'root'>;
  /** The workspace of the job; without a job a path that does not exist. */
  workspace: string;
  /** When the job began. Without a job: now, since what is there was left by earlier ones. */
  began: number | undefined;
  environment: Job['environment'];
}

/**
 * Finds the facts about a job and its machine.
 * @param protect paths that the machine's policy protects
 */
export function containerSources(job: Job, protect: readonly string[]): ContainerSources {
  const { workspace, environment } = job;
  const began = workerStart(Date.now());
  return sourcesOf({ folders: runnerFolders(job), workspace, began, environment }, protect);
}

/** Finds the facts about a runner and its machine. @param protect paths that the machine's policy protects */
export function sourcesOf(
  { folders, workspace, began, environment }: SourceRunner,
  protect: readonly string[],
): ContainerSources {
  const { work, temp, root } = folders;
  const real = (path: string): string => localPathOf(path, work);
  const realRoot = root === undefined ? undefined : real(root);
  const { runners, alone } = otherRunners(realRoot);
  const { inside, isOwn } = ownContainer();
  return {
    engines: (deadline) => findEngines(environment, deadline),
    facts: {
      label: realRoot === undefined ? undefined : readRunnerFile(realRoot)?.label,
      otherLabels: runners.flatMap(({ label }) => label ?? []),
      otherFolders: runners.flatMap(({ root: folder, work: its }) => [folder, its]),
      alone,
      began,
      work: real(work),
      workspace: real(workspace),
      temp: real(temp),
      protect: [...protect, ...protect.map(real)],
    },
    ...{ inside, isOwn, machine: hostname(), notes: volumeNotes(realRoot), resolve: real },
  };
}
