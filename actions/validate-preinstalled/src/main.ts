import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { configFor, type Document, reject, validate } from '@runner-actions/config';
import { type Step, UserError } from '@runner-actions/core';
import { checkAll } from './check.ts';
import { checkConfiguration } from './check-config.ts';
import { compareFingerprint, type Fingerprint, formatFingerprint, takeFingerprint } from './fingerprint.ts';
import { readInputs, type ValidateInputs } from './inputs.ts';
import { type Manifest, manifestSchema, requirementsOf } from './manifest.ts';
import { manifestOf, readManifest } from './manifest-io.ts';
import { renderSummary, sentence, type Tally, tally, withoutSecret } from './report.ts';
import type { Requirement, Result } from './requirement.ts';

export async function phase(step: Step): Promise<void> {
  if (readInputs(step.inputs).mode === 'check-config') return checkConfiguration(step);
  const inputs = readInputs(step.inputs, manifestOf(await configFor(step)));
  if (inputs.optional && !existsSync(join(step.job.workspace, inputs.manifest))) {
    step.log.info(`There is no ${inputs.manifest}: nothing is checked.`);
    return;
  }
  const document = await readManifest(inputs.manifest, step.job.workspace);
  const manifest = accept(step, document);
  const requirements = requirementsOf(manifest, document);
  if (requirements.length === 0)
    step.annotate('warning', 'The manifest asserts nothing.', { file: document.file });
  const deadline = step.deadline.limit(inputs.timeout);
  const { job } = step;
  const { digest, witnessed } = await takeFingerprint(requirements, job);
  const known = reuse(step, inputs.known, { digest, witnessed });
  const results = await checkAll(requirements, { job, deadline, concurrency: inputs.concurrency, known });
  const counted = tally(results);
  answer(step, inputs, counted);
  step.outputs.set('fingerprint', formatFingerprint(counted.status, digest));
  annotate(step, inputs, document.file, results);
  step.summary.add(renderSummary(manifest.name ?? document.file, results, counted, known.size));
  await step.report('validate-preinstalled', makeReport(counted, results, known));
  const bad = counted.counts.fail + counted.counts.error;
  if (bad > 0 && inputs.onFailure === 'fail')
    throw new UserError(`${bad} of ${results.length} requirements are not met.`);
}

/** The requirements that need not be asked, since an earlier check on this machine holds still. */
function reuse(
  step: Step,
  known: string | undefined,
  { digest, witnessed }: Fingerprint,
): ReadonlySet<Requirement> {
  if (known === undefined) return new Set();
  const verdict = compareFingerprint(known, digest);
  if (verdict === 'same') {
    step.log.info(
      `By its fingerprint nothing changed for ${witnessed.size} requirements: as checked before.`,
    );
    return witnessed;
  }
  step.log.info(`All is checked: ${verdict}.`);
  return new Set();
}

/** Our own failure: nothing is known, so the work goes to the fallback and the job is not stopped. */
export function safeAnswer(step: Step): void {
  const counts = { pass: 0, warn: 0, fail: 0, error: 1, skip: 0 };
  answer(step, readInputs(step.inputs), { status: 'error', counts, missing: [] });
}

function accept(step: Step, document: Document): Manifest {
  const validation = validate(document, manifestSchema);
  if (validation.ok) return validation.value;
  throw reject(step, validation.problems);
}

function answer(step: Step, inputs: ValidateInputs, { status, counts, missing }: Tally): void {
  const ok = status === 'pass' || status === 'warn';
  const isHosted = step.job.runner.environment === 'github-hosted';
  const outputs = {
    ...{ ok, status, passed: counts.pass, warned: counts.warn, failed: counts.fail, errored: counts.error },
    ...{ skipped: counts.skip, missing: JSON.stringify(missing), fallback: !ok },
    'runs-on': ok && !isHosted ? '"self-hosted"' : inputs.fallback,
  };
  for (const [name, value] of Object.entries(outputs)) step.outputs.set(name, value);
}

function annotate(step: Step, { onFailure }: ValidateInputs, file: string, results: readonly Result[]): void {
  for (const result of results) {
    const { line, column } = result.requirement;
    const level = result.status === 'warn' || onFailure !== 'fail' ? 'warning' : 'error';
    if (result.status === 'pass') step.log.info(sentence(result));
    else if (result.status !== 'skip') step.annotate(level, sentence(result), { file, line, column });
  }
}

function makeReport(counted: Tally, results: readonly Result[], known: ReadonlySet<Requirement>): object {
  const shown = results.map((result) => ({
    ...withoutSecret(result),
    ...(known.has(result.requirement) ? { asBefore: true } : {}),
  }));
  return { version: 1, ...counted, results: shown };
}
