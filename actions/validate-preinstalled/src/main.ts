import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { configFor } from '@runner-actions/config';
import type { Step } from '@runner-actions/core';
import { answer } from './answer.ts';
import { defaultManifest, readInputs } from './inputs.ts';
import { manifestOf } from './manifest-path.ts';
import { broken } from './verdict.ts';

export async function phase(step: Step): Promise<void> {
  const inputs = readInputs(step.inputs);
  if (inputs.mode === 'check-config') {
    const { checkConfiguration } = await import('./check-config.ts');
    return checkConfiguration(step, inputs);
  }
  const team = manifestOf(await configFor(step));
  const named = inputs.manifest ?? team;
  if (named === undefined && inputs.optional && !existsSync(join(step.job.workspace, defaultManifest))) {
    step.log.info(`There is no ${defaultManifest}: nothing is checked.`);
    return;
  }
  const { checkManifest } = await import('./check-manifest.ts');
  await checkManifest(step, inputs, named ?? defaultManifest);
}

/** Our own failure: nothing is known, so the work goes to the fallback and the job is not stopped. */
export function safeAnswer(step: Step): void {
  answer(step, readInputs(step.inputs), broken());
}
