import { lstat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { defaultStoreRoot } from '@runner-actions/config';
import type { Deadline } from '@runner-actions/core';
import { isUnknown, jobStart, type RunnerFolders, whyNotIdle } from '@runner-actions/host';
import { derivedDataFolder, derivedDataItem } from './derived-data-io.ts';
import { diagnosticsItem } from './diagnostics-io.ts';
import type { Ground } from './ground.ts';
import type { PathItem } from './path-item.ts';
import type { FolderOwner } from './remove-entry.ts';
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
  'caches',
] as const;
export type PathItemName = (typeof pathItemNames)[number];

/** Milliseconds in which the file system of the store must tell whether the store exists. */
const patience = 1_000;

/** What these items need to know. It is plain data. */
export interface PathFacts {
  folders: RunnerFolders;
  /** Name of the current repository's folder in `_work`; '' without a job. */
  repository: string;
  /** Set if no job runs, so that all that is there was left by earlier jobs. Before each removal, that is checked again. */
  idle?: Idle;
  /** Absolute paths that the machine's policy protects. */
  protect: readonly string[];
  /** Milliseconds. */
  maxAge: number;
  levels: Levels;
  /** For `caches`: the root of the cache store, if something sets it, and whether only the disk of the store counts. */
  store?: { root: string | undefined; alone: boolean };
  /** The folders whose disk was low before anything was freed; missing if nobody has looked. */
  wasLow?: readonly string[];
}

/** An idle runner. */
export interface Idle {
  /** Its folder. */
  root: string;
  /** Who must own its folders; `undefined`: anyone. See `RemovalPlace`. */
  owners: readonly FolderOwner[] | undefined;
}

/** Reads the disks of the runner's folders and of the cache store, as far as something may be freed there. */
export async function readDisks(facts: PathFacts, deadline: Deadline): Promise<Thresholds> {
  const { levels, wasLow } = facts;
  const { work, tools, root } = facts.folders;
  const all = [work, tools, root, derivedDataFolder(passwordEntryHome())].filter(
    (folder) => folder !== undefined,
  );
  const folders = [...(facts.store?.alone === true ? [] : all), ...(await storeFolder(facts))];
  return readThresholds(folders, levels, deadline, { wasLow });
}

const storeRoot = ({ folders, store }: PathFacts): string => store?.root ?? defaultStoreRoot(folders.work);

/** Returns the folder of the store, unless it does not exist. One that does not answer is for `readThresholds` to tell. */
async function storeFolder(facts: PathFacts): Promise<string[]> {
  if (facts.store === undefined) return [];
  const root = storeRoot(facts);
  const isMissing = lstat(root).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  );
  return (await Promise.race([isMissing, wait(patience, false, { ref: false })])) ? [] : [root];
}

/** Creates an item in the process that uses it. */
export async function openPathItem(
  name: PathItemName,
  facts: PathFacts,
  deadline: Deadline,
): Promise<PathItem> {
  const { folders, repository, protect, maxAge, idle } = facts;
  const now = Date.now();
  const known = { folders, repository, protect, maxAge, now };
  const ground =
    idle === undefined
      ? { ...known, jobStart: jobStart(folders.temp, now) }
      : { ...known, jobStart: now, owners: idle.owners, whyBusy: () => whyBusy(idle) };
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
    case 'caches': {
      const { cachesItem } = await import('./caches-io.ts');
      return cachesItem(storeRoot(facts), onDisk, facts.levels);
    }
  }
}

/** Returns why nothing may be removed now: a job runs, or it is not known. */
function whyBusy({ root }: Idle): string | undefined {
  const busy = whyNotIdle(root);
  return isUnknown(busy) ? `it is not known whether a job runs: ${busy.unknown}` : busy;
}
