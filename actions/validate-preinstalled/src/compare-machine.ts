import { type Step, UserError } from '@runner-actions/core';
import { diffMachine } from './diff/diff-machine-io.ts';
import type { Change } from './diff/compare.ts';
import { changeLine, countChanges, renderDiff, toDiffReport } from './diff/report.ts';
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
  const { notes, ...comparison } = await diffMachine(manifest, machine, { concurrency }).finally(
    machine.close,
  );
  const { changes } = comparison;
  setOutputs(step, inputs, tallyChanges(changes, comparison.same));
  for (const note of notes) step.log.info(`Note: ${note}.`);
  annotate(step, changes, onFailure === 'fail' ? 'error' : 'warning');
  step.summary.add(renderDiff(manifest.files.at(-1) ?? against, comparison, notes));
  await step.report('validate-preinstalled', toDiffReport(comparison, notes));
  if (changes.length > 0 && onFailure === 'fail')
    throw new UserError(`This machine differs from ${against}: ${countChanges(changes)}.`);
}

function tallyChanges(changes: readonly Change[], same: number): Tally {
  const { counts } = tallyResults([]);
  const missing = changes.filter(({ change }) => change !== 'added' && change !== 'renamed');
  return {
    status: changes.length === 0 ? 'pass' : 'fail',
    counts: { ...counts, pass: same, fail: changes.length },
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
