import { reasonOf, type Step, UserError } from '@runner-actions/core';
import { TargetInUse } from '@runner-actions/store';
import { SkippedTarget } from './place-entry.ts';
import { RejectedPack } from '../levels/shared/proof.ts';

const warned = new Set<string>();

/**
 * Runs `attempt`. If it fails, warns the user and reports a miss.
 * @param what the store or level, for the warning
 * @returns `undefined` on failure
 * @throws UserError; TargetInUse
 */
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
    const isFullSentence = error instanceof RejectedPack || error instanceof SkippedTarget;
    const text = isFullSentence ? error.message : unusable;
    // Several levels may fail in the same way. Warn once.
    if (!warned.has(text)) step.annotate('warning', text);
    warned.add(text);
    return undefined;
  }
}
