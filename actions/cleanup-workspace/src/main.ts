import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, type Step, UserError } from '@runner-actions/core';
import type { Saved } from './clean.ts';
import { readInputs } from './inputs.ts';
import { resolveInputs } from './effective-inputs.ts';
import { closePlace, openPlace } from './workspace.ts';

export async function phase(step: Step): Promise<void> {
  const given = readInputs(step.inputs);
  if (step.job.runner.environment === 'github-hosted') {
    step.log.info(
      'This is a GitHub-hosted runner, which is deleted after the job: there is nothing to clean.',
    );
    return;
  }
  const place = openPlace(step.job);
  closePlace(place);
  const resolved = await resolveInputs(step, given);
  const name = 'cleanup-workspace';
  if (resolved.inputs.when === 'now') return cleanNow(step, { ...resolved, report: name });
  if (existsSync(join(place.workspace.path, '.git'))) {
    step.annotate(
      'warning',
      'The workspace already contains a checkout. List cleanup-workspace as the first step: post phases run in reverse order, and this one should run last.',
    );
  }
  step.state.save({ ...resolved, report: step.announceReport(name) } satisfies Saved);
}

async function cleanNow(step: Step, saved: Saved): Promise<void> {
  const { clean } = await import('./clean.ts');
  const { outcome, skipped } = await clean(step, saved);
  step.outputs.set('freed-bytes', outcome?.freedBytes ?? 0);
  step.outputs.set('removed', outcome?.removed ?? 0);
  step.outputs.set('skipped', skipped);
  step.outputs.set('residue', JSON.stringify(outcome?.residue ?? []));
}

/** Removes nothing more. With `strict` it fails the step. */
export function safeAnswer(step: Step, fault: unknown): void {
  if (readInputs(step.inputs).strict) throw new UserError(`The clean-up failed: ${messageOf(fault)}`);
}
