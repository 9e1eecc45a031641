import { basename } from 'node:path';
import type { ReclaimName } from '@runner-actions/config';
import type { Deadline, Job } from '@runner-actions/core';
import { type ContainerEngine, runnerFolders } from '@runner-actions/host';
import type { ResolvedInputs } from './effective-inputs.ts';
import { askFor } from './file-helper-io.ts';
import type { Item } from './item.ts';
import { buildCacheItem } from './items/build-cache-io.ts';
import { containerSources, type ContainerSources } from './items/container-sources.ts';
import { containersItem } from './items/containers-io.ts';
import { imagesItem } from './items/images-io.ts';
import type { PathFacts } from './items/path-items.ts';
import { processesItem } from './items/processes.ts';
import { machineProcesses } from './items/processes-io.ts';
import { trashItem } from './items/trash-io.ts';
import { readThresholds, type Thresholds } from './items/thresholds-io.ts';
import { wantedItems } from './items/thresholds.ts';
import { keepByGlobs } from './keep.ts';
import { keptGitItem, lookAtDisks, remotePathItem } from './remote-items.ts';
import { leftoversItem } from './leftovers.ts';
import type { Survey } from './trash-survey.ts';
import { hasGit, hasTrash, type Place, protectedPaths, type WorkFolder } from './workspace.ts';
import { workspaceItem } from './workspace-io.ts';

/** Returns the items that are always cleaned, in their order: what writes files comes before the files. */
export function alwaysItems(job: Job, saved: ResolvedInputs, place: Place): Item[] {
  const { inputs, protect } = saved;
  const { path } = place.workspace;
  const items: Item[] = [];
  if (inputs.processes)
    items.push(processesItem({ trackingId: job.trackingId, workspace: path }, machineProcesses(job.temp)));
  if (inputs.containers === 'owned')
    items.push(lazyItem('containers', () => containersItem(containerSources(job, protect))));
  const rules = { keep: inputs.keep, protect };
  items.push(inputs.workspace ? workspaceItem(place, rules) : leftoversItem(place, protect));
  const ofGit = inputs.workspace ? keepByGlobs(inputs.keep)('.git', true) : 'remove';
  if (ofGit !== 'remove' && hasGit(place))
    items.push(keptGitItem(place, protectedPaths(protect, path), ofGit === 'keep'));
  if (inputs.temp) items.push(remotePathItem('temp', place, factsOf(job, saved, place)));
  return items;
}

/** Returns the last item, since all others move there what they cannot remove. */
export function trashOf(
  { place, containers }: Pick<ReclaimGround, 'place' | 'containers'>,
  { protect, sudo }: Pick<ResolvedInputs, 'protect' | 'sudo'>,
): Item {
  const user = process.geteuid?.();
  const survey = async (removes: boolean, deadline: Deadline): Promise<Survey | undefined> => {
    const work = { act: 'survey trash' as const, facts: { protect, user }, removes };
    if (!hasTrash(place)) return { folders: [], freedBytes: 0 };
    return (await askFor(place, work, deadline.remaining())) as Survey | undefined;
  };
  const needsHelp = process.platform === 'linux' && user !== 0;
  return lazyItem('trash', () => trashItem({ work: place.work, survey, containers, sudo, needsHelp }));
}

/** Milliseconds for a container engine to tell what it has. One that hangs must not take the time of other items. */
const planTimeout = 20_000;

/** Returns an item whose facts are only read when it is used, so that a failure does not stop other items. */
export function lazyItem(name: Item['name'], open: () => Item): Item {
  let opened: Item | undefined;
  const item = (): Item => (opened ??= open());
  return {
    name,
    plan: async (deadline) => item().plan(deadline.limit(planTimeout)),
    execute: async (steps, deadline) => item().execute(steps, deadline),
    notes: (outcome) => item().notes?.(outcome) ?? [],
  };
}

/** What to free because a disk is low. */
export interface Reclaim {
  items: Item[];
  /** Descriptions of the disks that are low. */
  low: string[];
  /** Sentences for people. */
  notes: string[];
}

/** Where to free something. */
export interface ReclaimGround {
  place: WorkFolder;
  facts: PathFacts;
  containers: () => ContainerSources;
}

/** Returns where a job may free something. */
export function groundOf(job: Job, saved: ResolvedInputs, place: Place): ReclaimGround {
  return {
    place,
    facts: factsOf(job, saved, place),
    containers: () => containerSources(job, saved.protect),
  };
}

/**
 * Looks at the disks, and returns the items that may be freed there, cheapest to create again first. Call it after the
 * other items have freed space.
 */
export async function reclaimItems(
  { place, facts, containers }: ReclaimGround,
  {
    inputs,
    allowed,
    storeRoot,
  }: { inputs: Pick<ResolvedInputs['inputs'], 'reclaim'> } & Pick<ResolvedInputs, 'allowed' | 'storeRoot'>,
  deadline: Deadline,
): Promise<Reclaim> {
  const wanted = wantedItems(inputs.reclaim, allowed);
  if (wanted.length === 0) return { items: [], low: [], notes: [] };
  const store = { root: storeRoot, alone: wanted.every((name) => name === 'caches') };
  const where = wanted.includes('caches') ? { ...facts, store } : facts;
  const { low, wasLow, unknown: notes } = await lookAtDisks(place, where, deadline);
  const sources = wanted.some(isOfEngine) ? containers() : undefined;
  const disks = sources === undefined ? undefined : await engineDisks(facts, sources, deadline);
  const enough = async ({ root }: ContainerEngine) => disks?.enough(root ?? '') ?? true;
  const items = wanted.flatMap((name): Item[] => {
    if (!isOfEngine(name)) {
      const known = name === 'caches' ? { ...facts, store: { ...store, alone: true } } : facts;
      return low.length === 0 ? [] : [remotePathItem(name, place, { ...known, wasLow })];
    }
    if (sources === undefined || disks === undefined || disks.low.length === 0) return [];
    return [engineItem(name, sources, facts.maxAge, enough)];
  });
  return {
    items,
    low: [...new Set([...low, ...(disks?.low ?? [])])],
    notes: [...notes, ...(disks?.unknown ?? [])],
  };
}

const isOfEngine = (name: ReclaimName): name is 'images' | 'build-cache' =>
  name === 'images' || name === 'build-cache';

function engineItem(
  name: 'images' | 'build-cache',
  { engines, facts }: ContainerSources,
  maxAge: number,
  enough: (engine: ContainerEngine) => Promise<boolean>,
): Item {
  if (name === 'build-cache') return buildCacheItem({ engines, maxAge, enough });
  const { began, alone } = facts;
  return imagesItem({ engines, enough, facts: { now: Date.now(), began, alone, maxAge } });
}

/** Reads the disks on which the engines of this machine keep their images. */
async function engineDisks(
  { levels }: PathFacts,
  sources: ContainerSources,
  deadline: Deadline,
): Promise<Thresholds> {
  const { engines } = await sources.engines(deadline);
  const roots = engines.flatMap(({ root, machine }) =>
    root === undefined || sources.inside || machine !== sources.machine ? [] : [root],
  );
  return readThresholds(roots, levels, deadline);
}

function factsOf(job: Job, { inputs, protect }: ResolvedInputs, place: Place): PathFacts {
  return {
    folders: runnerFolders(job),
    repository: basename(place.repository.path),
    protect,
    maxAge: inputs.maxAge,
    levels: { high: inputs.diskHigh, low: inputs.diskLow },
  };
}
