import { messageOf, type Step, UserError } from '@runner-actions/core';
import { clean, type Saved } from './clean.ts';

export async function phase(step: Step): Promise<void> {
  const saved = step.state.load<Saved>();
  for (const limit of saved.limits) step.log.info(limit);
  await clean(step, saved);
}

/** Removes nothing more. With `strict` it fails the job. */
export function safeAnswer(step: Step, fault: unknown): void {
  const { strict } = step.state.load<Saved>().inputs;
  if (strict) throw new UserError(`The clean-up failed: ${messageOf(fault)}`, { strict });
}
