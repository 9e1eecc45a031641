import type { Step } from '@runner-actions/core';
import type { ValidateInputs } from './inputs.ts';
import type { Tally } from './results.ts';

/** Sets all outputs except `fingerprint` and `report`. */
export function setOutputs(
  step: Step,
  { onFailure, fallback }: Pick<ValidateInputs, 'onFailure' | 'fallback'>,
  { status, counts, missing }: Tally,
): void {
  const ok = status === 'pass' || status === 'warn';
  // With `warn`, the caller wants the job on this machine whatever is missing.
  const leaves = !ok && onFailure !== 'warn';
  const isHosted = step.job.runner.environment === 'github-hosted';
  const outputs = {
    ...{ ok, status, passed: counts.pass, warned: counts.warn, failed: counts.fail, errored: counts.error },
    ...{ skipped: counts.skip, missing: JSON.stringify(missing), fallback: leaves },
    'runs-on': leaves || isHosted ? (fallback ?? '"ubuntu-latest"') : '"self-hosted"',
  };
  for (const [name, value] of Object.entries(outputs)) step.outputs.set(name, value);
}
