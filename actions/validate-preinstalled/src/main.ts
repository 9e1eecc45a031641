import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readStepConfig } from '@runner-actions/config';
import { type Step, UserError } from '@runner-actions/core';
import { setOutputs } from './set-outputs.ts';
import { defaultManifest, readInputs } from './inputs.ts';
import { configuredManifest } from './manifest-path.ts';
import { keptVerdict } from './known-verdict.ts';
import { brokenTally, failIfUnmet } from './results.ts';

const example = 'version: 1\ntools:\n  node: ">=20"';

export async function phase(step: Step): Promise<void> {
  const inputs = readInputs(step.inputs);
  if (inputs.mode === 'check-config') {
    const { checkConfiguration } = await import('./check-config.ts');
    return checkConfiguration(step, inputs);
  }
  if (inputs.mode === 'snapshot') {
    const { snapshotMachine } = await import('./snapshot-machine.ts');
    return snapshotMachine(step, inputs);
  }
  if (inputs.mode === 'diff') {
    const { compareMachine } = await import('./compare-machine.ts');
    return compareMachine(step, inputs);
  }
  const configured = configuredManifest(await readStepConfig(step));
  const named = inputs.manifest ?? configured;
  if (named === undefined && !existsSync(join(step.job.workspace, defaultManifest))) {
    if (!inputs.optional)
      throw new UserError(`There is no ${defaultManifest}. Create it, for example with:\n${example}`);
    step.log.info(`There is no ${defaultManifest}, so nothing is checked.`);
    return;
  }
  const { checkManifest } = await import('./check-manifest.ts');
  await checkManifest(step, inputs, named ?? defaultManifest);
}

/**
 * Answers after an internal error. What a check had found by then holds. Before that the state is unknown, so the outputs
 * name the fallback and the job goes on.
 * @throws UserError if requirements are not met, as the check itself does
 */
export function safeAnswer(step: Step): void {
  const inputs = readInputs(step.inputs);
  const known = keptVerdict();
  setOutputs(step, inputs, known ?? brokenTally());
  if (known !== undefined) failIfUnmet(inputs, known);
}
