import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, type Step, UserError } from '@runner-actions/core';
import type { Saved } from './clean.ts';
import { readInputs } from './inputs.ts';
import { settle } from './effective-inputs.ts';
import { closePlace, openPlace } from './workspace.ts';

export async function phase(step: Step): Promise<void> {
  const given = readInputs(step.inputs);
  if (step.job.runner.environment === 'github-hosted') {
    step.log.info('This is a hosted runner, which is thrown away after the job: there is nothing to clean.');
    return;
  }
  const place = openPlace(step.job);
  closePlace(place);
  const settled = await settle(step, given);
  const name = 'cleanup-workspace';
  if (settled.inputs.when === 'now') return cleanNow(step, { ...settled, report: name });
  if (existsSync(join(place.workspace.path, '.git'))) {
    step.annotate(
      'warning',
      'There is a checkout already. List cleanup-workspace first: posts run last in, first out, and it should run last.',
    );
  }
  step.state.save({ ...settled, report: step.announceReport(name) } satisfies Saved);
}

async function cleanNow(step: Step, saved: Saved): Promise<void> {
  const { clean } = await import('./clean.ts');
  const { outcome, skipped } = await clean(step, saved);
  step.outputs.set('freed-bytes', outcome?.freedBytes ?? 0);
  step.outputs.set('removed', outcome?.removed ?? 0);
  step.outputs.set('skipped', skipped);
  step.outputs.set('residue', JSON.stringify([...(outcome?.residue ?? []), ...(outcome?.leftovers ?? [])]));
}

/** Nothing more is removed. */
export function safeAnswer(step: Step, fault: unknown): void {
  if (readInputs(step.inputs).strict) throw new UserError(`The clean-up failed: ${messageOf(fault)}`);
}
