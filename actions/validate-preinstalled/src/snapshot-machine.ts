import { existsSync } from 'node:fs';
import { details, escapeControls, escapeMarkdown, type Step, table, UserError } from '@runner-actions/core';
import type { ValidateInputs } from './inputs.ts';
import { openMachine } from './machine-io.ts';
import { type Snapshot, takeSnapshot } from './snapshot/take-snapshot-io.ts';

/**
 * Implements `mode: snapshot`: writes a manifest that describes this machine, beside the report.
 * @throws UserError if it cannot be written, since nothing else is asked of this mode
 */
export async function snapshotMachine(
  step: Step,
  { timeout, concurrency, packages }: Pick<ValidateInputs, 'timeout' | 'concurrency' | 'packages'>,
): Promise<void> {
  const machine = openMachine(step.job, step.deadline.limit(timeout));
  const snapshot = await takeSnapshot(machine, { concurrency, packages }).finally(machine.close);
  const { length } = snapshot.manifest.requirements;
  const report = step.announceReport('validate-preinstalled');
  const value = { version: 1, requirements: length, left: snapshot.notes };
  await step.report(report, value, 2, { yml: snapshot.text });
  const path = report.replace(/json$/, 'yml');
  if (!existsSync(path)) throw new UserError(`The snapshot could not be written to ${path}.`);
  step.outputs.set('snapshot', path);
  step.outputs.set('ok', true);
  step.outputs.set('status', 'pass');
  step.log.info(`The snapshot has ${length} requirements: ${path}`);
  for (const note of snapshot.notes) step.log.info(`Left out: ${escapeControls(note)}.`);
  step.summary.add(renderSnapshot(snapshot));
}

/** Rows of the summary. A machine seldom has more tools that do not answer. */
const mostNotes = 100;

/** Renders the summary: how many requirements of each kind, and what was left out. */
export function renderSnapshot({ manifest, notes }: Pick<Snapshot, 'manifest' | 'notes'>): string {
  const kinds = [...new Set(manifest.requirements.map(({ kind }) => kind))];
  const rows = kinds.map((kind) => [
    kind,
    String(manifest.requirements.filter((one) => one.kind === kind).length),
  ]);
  const left = notes.slice(0, mostNotes).map((note) => `- ${escapeMarkdown(note)}`);
  const more = notes.length > mostNotes ? [`- and ${notes.length - mostNotes} more`] : [];
  return [
    '### Snapshot of this machine',
    table(['Kind', 'Requirements'], rows),
    ...(notes.length === 0 ? [] : [details(`${notes.length} left out`, [...left, ...more].join('\n'))]),
    '',
  ].join('\n\n');
}
