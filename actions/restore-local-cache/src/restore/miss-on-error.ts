import { reasonOf, type Step, UserError } from '@runner-actions/core';
import { TargetInUse } from '@runner-actions/store';
import { SkippedTarget } from './place-entry.ts';
import { RejectedPack } from '../levels/shared/proof.ts';

const warned = new Set<string>();

/** @returns `undefined` when it could not be used, which the user was told */
export async function missOnError<T>(
  step: Step,
  what: string,
  attempt: () => Promise<T> | T,
): Promise<T | undefined> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof UserError || error instanceof TargetInUse) throw error;
    const unusable = `${what} could not be used, which counts as a miss: ${reasonOf(error)}.`;
    const isTold = error instanceof RejectedPack || error instanceof SkippedTarget;
    const text = isTold ? error.message : unusable;
    // Level after level may meet the same.
    if (!warned.has(text)) step.annotate('warning', text);
    warned.add(text);
    return undefined;
  }
}
