import { messageOf, type Step, UserError } from '@runner-actions/core';
import { TargetInUse } from './claims.ts';

/** Of a sentence that says what follows from it: some errors end with a stop of their own. */
export function reasonOf(error: unknown): string {
  return messageOf(error).replace(/\.$/, '');
}

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
    step.annotate('warning', `${what} could not be used, which counts as a miss: ${reasonOf(error)}.`);
    return undefined;
  }
}
