import { join } from 'node:path';
import type { Step } from '@runner-actions/core';
import { diskOf, isUnknown } from '@runner-actions/host';
import { openStore, type Store, type Tick, type UnpackOptions } from '@runner-actions/store';
import type { CachePlan } from '../plan/cache-plan.ts';
import { logProgress } from '../report/progress.ts';
import { linkRule } from '../plan/link-rule.ts';
import { withTempFolder } from './temp-folder.ts';
import { runnerRoots } from '../plan/runner-roots.ts';
import { placesToPaths, type PathContext } from '../plan/targets.ts';

/** The share of a disk that no archive may fill. */
const reservedDiskShare = 0.02;

export interface TransferSettings {
  /** Of the runner: files on their way are in folders of their own there. */
  temp: string;
  unpack: UnpackOptions;
  tick?: Tick;
}

/** Where archives are made and unpacked, and how large one may become. */
export async function transferSettings(
  step: Step,
  plan: CachePlan,
  context: PathContext,
): Promise<TransferSettings> {
  const { temp } = step.job;
  const disk = await diskOf(plan.root ?? temp);
  const roots = runnerRoots(step.job);
  return {
    temp,
    tick: logProgress(step, 'Packing'),
    unpack: {
      // An archive that unpacks to more than the disk has is damage or an attack; others need a part of it.
      limits: {
        maxBytes: isUnknown(disk)
          ? 2 ** 50
          : Math.max(0, Math.floor(disk.availableBytes - disk.totalBytes * reservedDiskShare)),
      },
      linksOf: (place) => {
        const [target = ''] = placesToPaths([place], plan.inputs.paths, context);
        return linkRule(target, plan.inputs.paths, roots);
      },
      tick: logProgress(step, 'Unpacking'),
    },
  };
}

/**
 * A store for this job alone, for what may not be kept on the disk: a hosted runner's, or a run's that may only read. It goes
 * when the step ends.
 */
export async function withTemporaryStore<T>(step: Step, act: (store: Store) => Promise<T>): Promise<T> {
  return withTempFolder(step.job.temp, (folder) =>
    act({ ...openStore(join(folder, 'store')), temporary: true }),
  );
}
