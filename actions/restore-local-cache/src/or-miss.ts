import { reasonOf, type Step, UserError } from '@runner-actions/core';
import { TargetInUse } from './claims.ts';
import { Unproven } from './shared/proof.ts';

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
    step.annotate('warning', error instanceof Unproven ? error.message : unusable);
    return undefined;
  }
}
