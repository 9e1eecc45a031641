import { messageOf, type Step } from '@runner-actions/core';
import { diskOf, isUnknown } from '@runner-actions/host';
import { collect, lastCollected, openStore } from '@runner-actions/store';
import { boundsOn } from './bounds.ts';
import type { CachePlan } from './plan.ts';

export interface Evicted {
  entries: number;
  bytes: number;
}

const nothing: Evicted = { entries: 0, bytes: 0 };

/** To look at all entries takes time in a large store, and one that nobody saves to only grows older. */
const often = 3_600_000;

/**
 * Makes the store fit its bounds. Nothing that goes wrong here fails a job.
 * @param now false: where nobody did it for an hour
 */
export async function makeRoom(
  step: Step,
  { root, inputs }: CachePlan,
  { now }: { now: boolean },
): Promise<Evicted> {
  if (root === undefined) return nothing;
  const disk = await diskOf(root);
  if (isUnknown(disk)) {
    step.annotate('warning', `The store's bounds could not be held: ${disk.unknown}.`);
    return nothing;
  }
  try {
    const store = openStore(root);
    if (store.readOnly) return nothing;
    if (!now && Date.now() - lastCollected(store) < often) return nothing;
    const bounds = boundsOn(disk.totalBytes, inputs.bounds);
    const collected = collect(store, bounds, { freeBytes: disk.availableBytes, now: Date.now() });
    // Another job of this machine is at it.
    if (collected === 'busy') return nothing;
    return { entries: collected.evicted.length, bytes: collected.bytes };
  } catch (error) {
    step.annotate('warning', `The store's bounds could not be held: ${messageOf(error)}.`);
    return nothing;
  }
}
