import { join } from 'node:path';
import type { Step } from '@runner-actions/core';
import { diskOf, isUnknown } from '@runner-actions/host';
import { openStore, type Store, type Tick, type UnpackOptions } from '@runner-actions/store';
import type { CachePlan } from '../plan/plan.ts';
import { progressOf } from '../report/progress.ts';
import { linkRule } from '../plan/links.ts';
import { withOwnFolder } from './own-folder.ts';
import { rootsOf } from '../plan/roots.ts';
import { placesToPaths, type Surroundings } from '../plan/targets.ts';

/** The share of a disk that no archive may fill. */
const spare = 0.02;

export interface Workbench {
  /** Of the runner: files on their way are in folders of their own there. */
  temp: string;
  unpack: UnpackOptions;
  tick?: Tick;
}

/** Where archives are made and unpacked, and how large one may become. */
export async function openWorkbench(step: Step, plan: CachePlan, around: Surroundings): Promise<Workbench> {
  const { temp } = step.job;
  const disk = await diskOf(plan.root ?? temp);
  const roots = rootsOf(step.job);
  return {
    temp,
    tick: progressOf(step, 'Packing'),
    unpack: {
      // An archive that unpacks to more than the disk has is damage or an attack; others need a part of it.
      limits: {
        maxBytes: isUnknown(disk)
          ? 2 ** 50
          : Math.max(0, Math.floor(disk.availableBytes - disk.totalBytes * spare)),
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
  return withOwnFolder(step.job.temp, (folder) =>
    act({ ...openStore(join(folder, 'store')), temporary: true }),
  );
}
