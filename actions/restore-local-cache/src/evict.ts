import { messageOf, type Step } from '@runner-actions/core';
import { diskOf, isUnknown } from '@runner-actions/host';
import { type Evicted, evict, openStore } from '@runner-actions/store';
import { boundsOn } from './bounds.ts';
import type { CachePlan } from './plan.ts';

/** Makes the store fit its bounds after a save. Nothing that goes wrong here fails a job. */
export async function makeRoom(step: Step, { root, inputs }: CachePlan): Promise<Evicted> {
  const nothing = { entries: 0, bytes: 0 };
  if (root === undefined) return nothing;
  const disk = await diskOf(root);
  if (isUnknown(disk)) {
    step.annotate('warning', `The store's bounds could not be held: ${disk.unknown}.`);
    return nothing;
  }
  try {
    const bounds = boundsOn(disk.totalBytes, inputs.bounds);
    return evict(openStore(root), bounds, { freeBytes: disk.availableBytes, now: Date.now() });
  } catch (error) {
    step.annotate('warning', `The store's bounds could not be held: ${messageOf(error)}.`);
    return nothing;
  }
}
