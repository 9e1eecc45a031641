import type { Step } from '@runner-actions/core';
import { closeAndReport } from './close.ts';
import type { Saved } from './main.ts';
import { failWhenStrict } from './measuring.ts';

/** Closes the series that main opened. */
export async function phase(step: Step): Promise<void> {
  const saved = step.state.load<Saved>();
  await closeAndReport(step, saved, saved.directory);
}

export function safeAnswer(step: Step, fault: unknown): void {
  failWhenStrict(step.state.load<Saved>().strict, fault);
}
