import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { formatBytes, formatDuration, type Step } from '@runner-actions/core';
import { diskOf, isUnknown, jobOwner } from '@runner-actions/host';
import {
  defaultMaxItems,
  dropStaging,
  everySoOften,
  openStore,
  type Store,
  type Tick,
} from '@runner-actions/store';
import type { UnpackPlan } from './archive.ts';
import type { CachePlan } from './plan.ts';
import { linkRule } from './links.ts';
import { rootsOf } from './roots.ts';
import { placesToPaths, type Surroundings } from './targets.ts';

/** The share of a disk that no archive may fill. */
const spare = 0.02;

export interface Workbench {
  /** A folder for files on their way. */
  folder: string;
  unpack: UnpackPlan;
  tick?: Tick;
}

/** Says every ten seconds how far long work is. */
export function progressOf(step: Step, doing: string): Tick {
  return everySoOften((items, bytes, milliseconds) =>
    step.log.info(
      `${doing}: ${items.toLocaleString('en-US')} files, ${formatBytes(bytes)} after ${formatDuration(milliseconds)}`,
    ),
  );
}

/** Where archives are made and unpacked, and how large one may become. */
export async function openWorkbench(step: Step, plan: CachePlan, around: Surroundings): Promise<Workbench> {
  const folder = join(step.job.temp, 'runner-actions');
  mkdirSync(folder, { recursive: true });
  const disk = await diskOf(plan.root ?? folder);
  const roots = rootsOf(step.job);
  return {
    folder,
    tick: progressOf(step, 'Packing'),
    unpack: {
      // An archive that unpacks to more than the disk has is damage or an attack; others need a part of it.
      limits: {
        maxBytes: isUnknown(disk)
          ? 2 ** 50
          : Math.max(0, Math.floor(disk.availableBytes - disk.totalBytes * spare)),
        maxItems: defaultMaxItems,
      },
      linksOf: (place) => {
        const [target = ''] = placesToPaths([place], plan.inputs.paths, around);
        return linkRule(target, plan.inputs.paths, roots);
      },
      tick: progressOf(step, 'Unpacking'),
    },
  };
}

/**
 * A store for this job alone, for what may not be kept on the disk: a hosted runner's, or a run's that may only read. It goes
 * when the step ends.
 */
export async function withTemporaryStore<T>(step: Step, act: (store: Store) => Promise<T>): Promise<T> {
  const root = join(step.job.temp, 'runner-actions', `store-${process.pid}-${jobOwner().pid}`);
  mkdirSync(join(step.job.temp, 'runner-actions'), { recursive: true });
  try {
    return await act({ ...openStore(root), temporary: true });
  } finally {
    dropStaging(root);
  }
}
