import type { Step } from '@runner-actions/core';
import { closeAndReport, failWhenStrict } from './close.ts';
import type { Saved } from './main.ts';

/** Closes the series that main opened; where main opened none there is nothing to do. */
export async function phase(step: Step): Promise<void> {
  const saved = step.state.load<Saved>();
  if (saved !== undefined) await closeAndReport(step, saved, saved.directory);
}

export function safeAnswer(step: Step, fault: unknown): void {
  failWhenStrict(step.state.load<Saved>()?.strict ?? false, fault);
}
