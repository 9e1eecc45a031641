import { escapeControls, type Step, UserError } from '@runner-actions/core';
import { diffMachine } from './diff/diff-machine-io.ts';
import type { Change, FullComparison } from './diff/compare.ts';
import { changeLine, outcomeLine, renderDiff, toDiffReport } from './diff/report.ts';
import type { ValidateInputs } from './inputs.ts';
import { openMachine } from './machine-io.ts';
import { readManifest } from './manifest-io.ts';
import { type Tally, tallyResults } from './results.ts';
import { setOutputs } from './set-outputs.ts';

/** Most changes with an annotation of their own. GitHub shows ten of a step. */
const annotated = 9;

/**
 * Implements `mode: diff`: compares this machine with a snapshot, or with another manifest.
 * @throws UserError if there is no manifest to compare with, or if there are differences and `on-failure` is `fail`
 */
export async function compareMachine(step: Step, inputs: ValidateInputs): Promise<void> {
  const { against, concurrency, onFailure, timeout } = inputs;
  if (against === undefined)
    throw new UserError(
      "Input 'against' is missing: 'mode: diff' needs the path of a snapshot or of another manifest.",
    );
  const manifest = await readManifest(step, against);
  const machine = openMachine(step.job, step.deadline.limit(timeout));
  const comparison = await diffMachine(manifest, machine, { concurrency }).finally(machine.close);
  const { changes, notes, unknown } = comparison;
  setOutputs(step, inputs, tallyChanges(comparison));
  for (const note of notes) step.log.info(`Note: ${escapeControls(note)}.`);
  for (const one of unknown) step.log.info(escapeControls(one));
  annotate(step, changes, onFailure === 'fail' ? 'error' : 'warning');
  step.summary.add(renderDiff(manifest.files.at(-1) ?? against, comparison));
  await step.report('validate-preinstalled', toDiffReport(comparison));
  if (changes.length + unknown.length > 0 && onFailure === 'fail')
    throw new UserError(`This machine differs from ${against}: ${outcomeLine(comparison)}.`);
}

function tallyChanges({ changes, same, unknown }: FullComparison): Tally {
  const { counts } = tallyResults([]);
  const missing = changes.filter(({ change }) => change !== 'added' && change !== 'renamed');
  return {
    status: changes.length > 0 ? 'fail' : unknown.length > 0 ? 'error' : 'pass',
    counts: { ...counts, pass: same, fail: changes.length, error: unknown.length },
    missing: missing.map(({ name }) => name),
  };
}

function annotate(step: Step, changes: readonly Change[], level: 'error' | 'warning'): void {
  for (const one of changes.slice(0, annotated)) {
    const { file, line, column } = one.item.requirement;
    // What was added stands in no file.
    step.annotate(level, changeLine(one), one.change === 'added' ? {} : { file, line, column });
  }
  if (changes.length > annotated)
    step.annotate(level, `${changes.length - annotated} more differences are in the summary.`);
  for (const one of changes) step.log.info(changeLine(one));
}
