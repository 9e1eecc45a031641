import type { Policy } from '@runner-actions/config';
import { describeWriteError, type Step } from '@runner-actions/core';

/** How the policy lets the hooks measure. */
export type HookMetrics = Exclude<NonNullable<Policy['metrics']>, 'off'>;

/**
 * Does a part of measuring a job if the policy asks for it. A failure is a warning, and stops no other part of the hook.
 * @param part loads what it needs: hooks that do not measure must not pay for it
 */
export async function measure(
  { annotate }: Pick<Step, 'annotate'>,
  { metrics }: Pick<Policy, 'metrics'>,
  part: (metrics: HookMetrics) => Promise<void>,
): Promise<void> {
  if (metrics === undefined || metrics === 'off') return;
  try {
    await part(metrics);
  } catch (error) {
    annotate('warning', `This job could not be measured: ${describeWriteError(error)}.`);
  }
}
