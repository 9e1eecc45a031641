import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { configFor } from '@runner-actions/config';
import type { Step } from '@runner-actions/core';
import { answer } from './answer.ts';
import { readInputs } from './inputs.ts';
import { manifestOf } from './manifest-path.ts';
import { broken } from './verdict.ts';

export async function phase(step: Step): Promise<void> {
  if (readInputs(step.inputs).mode === 'check-config') {
    const { checkConfiguration } = await import('./check-config.ts');
    return checkConfiguration(step);
  }
  const inputs = readInputs(step.inputs, manifestOf(await configFor(step)));
  if (inputs.optional && !existsSync(join(step.job.workspace, inputs.manifest))) {
    step.log.info(`There is no ${inputs.manifest}: nothing is checked.`);
    return;
  }
  const { checkManifest } = await import('./check-manifest.ts');
  await checkManifest(step, inputs);
}

/** Our own failure: nothing is known, so the work goes to the fallback and the job is not stopped. */
export function safeAnswer(step: Step): void {
  answer(step, readInputs(step.inputs), broken());
}
