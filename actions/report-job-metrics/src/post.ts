import type { Step } from '@runner-actions/core';
import { closeAndReport } from './close-and-report.ts';
import type { SavedState } from './main.ts';
import { failWhenStrict } from './measuring.ts';

/** Closes and reports the series that the main phase opened. */
export async function phase(step: Step): Promise<void> {
  const { settings, directory, whyNotSent } = step.state.load<SavedState>();
  await closeAndReport(step, settings, directory, whyNotSent);
}

export function safeAnswer(step: Step, fault: unknown): void {
  failWhenStrict(step.state.load<SavedState>().settings.strict, fault);
}
