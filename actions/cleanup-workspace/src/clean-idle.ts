import { join } from 'node:path';
import type { Deadline } from '@runner-actions/core';
import { type Folder, type RunnerFolders, whyNotIdle } from '@runner-actions/host';
import { type Caller, cleanItems } from './clean.ts';
import type { ResolvedInputs } from './effective-inputs.ts';
import type { Item } from './item.ts';
import { sourcesOf } from './items/container-sources.ts';
import { containersItem } from './items/containers-io.ts';
import type { Idle, PathFacts } from './items/path-items.ts';
import { lazyItem, type Reclaim, type ReclaimGround, reclaimItems, trashOf } from './items.ts';
import { wantedItems } from './items/thresholds.ts';
import { remotePathItem } from './remote-items.ts';
import { leftoversItem } from './leftovers.ts';

/** An idle runner, with its work folder held open. */
export interface IdleRunner extends Idle {
  work: Folder;
}

/**
 * Cleans the folders of a runner that has no job, which the caller has found out: the trash, `_temp`, containers of jobs that were killed, and what
 * `reclaim` names where a disk is low. Workspaces stay, unless `stale-repositories` takes them by their age.
 * Right before each removal, it is asked again.
 */
export async function cleanIdle(
  caller: Caller,
  runner: IdleRunner,
  settings: ResolvedInputs,
): Promise<Awaited<ReturnType<typeof cleanItems>>> {
  const { root, work } = runner;
  const { inputs, protect } = settings;
  const facts = factsOf(runner, settings);
  const containers = () =>
    sourcesOf(
      {
        folders: facts.folders,
        // No container can prove that it belongs to the workspace of a job.
        workspace: join(work.path, 'no-job'),
        began: Date.now(),
        environment: process.env,
      },
      protect,
    );
  const always = (): Item[] => [
    ...(inputs.containers === 'owned'
      ? [
          whileIdle(
            root,
            lazyItem('containers', () => containersItem(containers())),
          ),
        ]
      : []),
    leftoversItem(runner, protect),
    remotePathItem('temp', runner, facts),
  ];
  const ground = { place: runner, facts, containers };
  const reclaim = (deadline: Deadline) => reclaimFor(runner, ground, settings, deadline);
  return cleanItems(caller, { always, reclaim, last: () => [trashOf(ground, settings)] }, inputs);
}

/** Leaves out the cache store for root: it is used by its paths, which the user who owns its folder may change. */
async function reclaimFor(
  { owners }: IdleRunner,
  ground: ReclaimGround,
  settings: ResolvedInputs,
  deadline: Deadline,
): Promise<Reclaim> {
  const { inputs, allowed } = settings;
  const wanted = wantedItems(inputs.reclaim, allowed);
  if (owners === undefined || !wanted.includes('caches')) return reclaimItems(ground, settings, deadline);
  const reclaim = wanted.filter((name) => name !== 'caches');
  const found = await reclaimItems(ground, { ...settings, inputs: { reclaim } }, deadline);
  const note = "As root, 'caches' are left alone. Run the command as the runner's user for them.";
  return { ...found, notes: [...found.notes, note] };
}

/** What it removes belongs to jobs that were killed, if none runs now. */
function whileIdle(root: string, item: Item): Item {
  return {
    ...item,
    execute: async (steps, deadline) =>
      whyNotIdle(root) === undefined
        ? item.execute(steps, deadline)
        : { removed: 0, freedBytes: 0, residue: [], finished: false },
  };
}

function factsOf({ root, owners, work }: IdleRunner, { inputs, protect }: ResolvedInputs): PathFacts {
  const folders: RunnerFolders = {
    root,
    work: work.path,
    temp: join(work.path, '_temp'),
    tools: join(work.path, '_tool'),
    actions: join(work.path, '_actions'),
  };
  return {
    ...{ folders, repository: '', protect, idle: { root, owners } },
    maxAge: inputs.maxAge,
    levels: { high: inputs.diskHigh, low: inputs.diskLow },
  };
}
