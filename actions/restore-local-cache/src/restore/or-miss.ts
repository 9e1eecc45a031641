import { reasonOf, type Step, UserError } from '@runner-actions/core';
import { TargetInUse } from '@runner-actions/store';
import { LeftAlone } from './place.ts';
import { BadPack } from '../levels/shared/proof.ts';

const warned = new Set<string>();

/** @returns `undefined` when it could not be used, which the user was told */
export async function orMiss<T>(
  step: Step,
  what: string,
  look: () => Promise<T> | T,
): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof UserError || error instanceof TargetInUse) throw error;
    const unusable = `${what} could not be used, which counts as a miss: ${reasonOf(error)}.`;
    const isTold = error instanceof BadPack || error instanceof LeftAlone;
    const text = isTold ? error.message : unusable;
    // Level after level may meet the same.
    if (!warned.has(text)) step.annotate('warning', text);
    warned.add(text);
    return undefined;
  }
}
