import { messageOf, reasonOf, type Step } from '@runner-actions/core';
import { diskOf, isUnknown } from '@runner-actions/host';
import { evictIfNeeded, openStore, type Store } from '@runner-actions/store';
import { boundsInBytes } from '../plan/store-bounds.ts';
import type { CachePlan } from '../plan/cache-plan.ts';

export interface Evicted {
  entries: number;
  bytes: number;
}

const nothing: Evicted = { entries: 0, bytes: 0 };

/**
 * Evicts entries until the store is within its limits, if this user may write it. An error here does not fail the job.
 */
export async function enforceBounds(step: Step, { root, inputs }: CachePlan): Promise<Evicted> {
  const store = root === undefined ? undefined : tryOpenStore(step, root);
  if (root === undefined || store === undefined || store.readOnly) return nothing;
  const disk = await diskOf(root);
  if (isUnknown(disk)) {
    step.annotate('warning', `The limits of the store could not be enforced: ${disk.unknown}.`);
    return nothing;
  }
  try {
    const bounds = boundsInBytes(disk.totalBytes, inputs.bounds);
    const collected = evictIfNeeded(store, bounds, disk.availableBytes);
    if (collected === undefined) return nothing;
    if (collected.left.length > 0) {
      const { unremovedLines } = await import('../store-commands/result-lines.ts');
      for (const line of unremovedLines(collected.left)) step.log.info(line);
    }
    return { entries: collected.evicted.length, bytes: collected.bytes };
  } catch (error) {
    step.annotate('warning', `The limits of the store could not be enforced: ${reasonOf(error)}.`);
    return nothing;
  }
}

/** Opens the store. If it cannot be used, the user was warned already. */
function tryOpenStore(step: Step, root: string): Store | undefined {
  try {
    return openStore(root);
  } catch (error) {
    step.log.debug(`The limits of the store are not enforced: ${messageOf(error)}`);
    return undefined;
  }
}
