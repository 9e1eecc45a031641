import type { Deadline, Job } from '@runner-actions/core';
import { jobStart, runnerFolders } from '@runner-actions/host';
import { derivedDataFolder, derivedDataItem } from './derived-data-io.ts';
import { diagnosticsItem } from './diagnostics-io.ts';
import type { Ground } from './ground.ts';
import type { PathItem } from './path-item.ts';
import { repositoriesItem } from './repositories-io.ts';
import { runnerVersionsItem } from './runner-versions-io.ts';
import { tempItem } from './temp-io.ts';
import { readThresholds, type Thresholds } from './thresholds-io.ts';
import type { Levels } from './thresholds.ts';
import { toolCacheItem } from './tool-cache-io.ts';
import { passwordEntryHome } from '../workspace.ts';

/** The items of files outside of the workspace. */
export const pathItemNames = [
  'temp',
  'old-runner-versions',
  'diagnostics',
  'stale-repositories',
  'derived-data',
  'tool-cache',
] as const;
export type PathItemName = (typeof pathItemNames)[number];

/** What these items need to know. It is plain data. */
export interface PathFacts {
  job: Pick<Job, 'temp' | 'workspace' | 'toolCache'>;
  /** Name of the current repository's folder in `_work`. */
  repository: string;
  /** Absolute paths that the machine's policy protects. */
  protect: readonly string[];
  /** Milliseconds. */
  maxAge: number;
  levels: Levels;
  /** The folders whose disk was low before anything was freed; missing if nobody has looked. */
  wasLow?: readonly string[];
}

/** Reads the disks of the runner's folders. */
export function readDisks({ job, levels, wasLow }: PathFacts, deadline: Deadline): Promise<Thresholds> {
  const { work, tools, root } = runnerFolders(job);
  const folders = [work, tools, root, derivedDataFolder(passwordEntryHome())].filter(
    (folder) => folder !== undefined,
  );
  return readThresholds(folders, levels, deadline, { wasLow });
}

/** Creates an item in the process that uses it. */
export async function openPathItem(
  name: PathItemName,
  facts: PathFacts,
  deadline: Deadline,
): Promise<PathItem> {
  const { job, repository, protect, maxAge } = facts;
  const now = Date.now();
  const known = { folders: runnerFolders(job), repository, protect, maxAge, now };
  const ground = { ...known, jobStart: jobStart(job.temp, now) };
  if (name === 'temp') return tempItem(ground);
  const { enough } = await readDisks(facts, deadline);
  const onDisk: Ground = { ...ground, enough };
  switch (name) {
    case 'old-runner-versions':
      return runnerVersionsItem(onDisk);
    case 'diagnostics':
      return diagnosticsItem(onDisk);
    case 'stale-repositories':
      return repositoriesItem(onDisk);
    case 'derived-data':
      return derivedDataItem({ ...onDisk, home: passwordEntryHome() });
    case 'tool-cache':
      return toolCacheItem({ ...onDisk, environment: process.env });
  }
}
