import { messageOf, type Step, UserError } from '@runner-actions/core';
import type { Saved } from './clean.ts';
import { isHosted } from './hosted.ts';
import { readInputs } from './inputs.ts';
import { resolveInputs } from './effective-inputs.ts';
import { closePlace, hasGit, openPlace } from './workspace.ts';

export async function phase(step: Step): Promise<void> {
  const given = readInputs(step.inputs);
  if (isHosted(step)) return;
  const place = openPlace(step.job);
  const holdsGit = hasGit(place);
  closePlace(place);
  const resolved = await resolveInputs(step, given);
  const name = 'cleanup-workspace';
  if (resolved.inputs.when === 'now') return cleanNow(step, { ...resolved, report: name });
  const { keepByGlobs } = await import('./keep.ts');
  const isKept = resolved.inputs.dryRun || keepByGlobs(resolved.inputs.keep)('.git', true) !== 'remove';
  if (!isKept && holdsGit) {
    step.annotate(
      'warning',
      'The workspace already contains a checkout. List cleanup-workspace as the first step: post phases run in reverse order, and this one should run last.',
    );
  }
  step.state.save({ ...resolved, report: step.announceReport(name) } satisfies Saved);
}

async function cleanNow(step: Step, saved: Saved): Promise<void> {
  const [{ clean }, { keptEntries }] = await Promise.all([import('./clean.ts'), import('./report.ts')]);
  const { items, low } = await clean(step, saved);
  const outcomes = items.flatMap(({ outcome }) => outcome ?? []);
  const sum = (field: 'freedBytes' | 'removed') =>
    outcomes.reduce((total, outcome) => total + outcome[field], 0);
  step.outputs.set('freed-bytes', sum('freedBytes'));
  step.outputs.set('removed', sum('removed'));
  step.outputs.set('skipped', keptEntries(items));
  step.outputs.set('triggered', low.length > 0);
  step.outputs.set('residue', JSON.stringify(outcomes.flatMap(({ residue }) => residue)));
}

/** Removes nothing more. With `strict` it fails the step. */
export function safeAnswer(step: Step, fault: unknown): void {
  if (readInputs(step.inputs).strict) throw new UserError(`The clean-up failed: ${messageOf(fault)}`);
}
