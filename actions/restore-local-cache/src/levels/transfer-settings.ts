import type { Step } from '@runner-actions/core';
import { diskOf, isUnknown } from '@runner-actions/host';
import type { OnProgress, UnpackOptions } from '@runner-actions/store';
import type { CachePlan } from '../plan/cache-plan.ts';
import { logProgress } from '../report/progress.ts';
import { linkRule } from '../plan/link-rule.ts';
import { runnerRoots } from '../plan/runner-roots.ts';
import { placesToPaths, type PathContext } from '../plan/targets.ts';

/** The share of the disk that archives may not fill. */
const reservedDiskShare = 0.02;

/** Where archives are packed and unpacked, and how large they may become. */
export interface TransferSettings {
  /** The temporary directory of the runner. Files in transfer are in new folders there. */
  temp: string;
  unpack: UnpackOptions;
  tick?: OnProgress;
}

/** Returns the settings for transfers of this job. */
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
      // An archive that needs more space than the disk has is damaged or an attack. Other archives need only part of
      // it.
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
