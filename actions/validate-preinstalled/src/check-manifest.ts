import type { Job, Step } from '@runner-actions/core';
import type { Manifest, Requirement } from '@runner-actions/manifest';
import { hostCapacity } from '@runner-actions/host';
import { setOutputs } from './set-outputs.ts';
import { checkAll } from './check.ts';
import { computeFingerprint, formatFingerprint } from './fingerprint.ts';
import type { ValidateInputs } from './inputs.ts';
import { capabilityLabels } from './labels.ts';
import type { Looked } from './install/plan-or-install.ts';
import { renderInstallation, toInstallationReport } from './installation-report.ts';
import { openMachine } from './machine-io.ts';
import { readManifest } from './manifest-io.ts';
import type { Machine } from './kinds/kind.ts';
import type { InstallationReport, Report } from './report-schema.ts';
import { openReuse } from './reuse-io.ts';
import { keepVerdict } from './known-verdict.ts';
import { renderJUnit, renderSummary, sentence, toReport, worstFirst } from './report.ts';
import { failIfUnmet, type Result, type Tally, tallyResults } from './results.ts';

/**
 * Checks the machine against the manifest.
 * @param given path of the manifest, or the YAML itself
 * @throws UserError if the manifest is invalid, or if requirements are not met and `on-failure` is `fail`
 */
export async function checkManifest(step: Step, inputs: ValidateInputs, given: string): Promise<void> {
  const manifest = await readManifest(step, given);
  const { requirements } = manifest;
  for (const { message, ...place } of manifest.notes) step.annotate('notice', message, place);
  const file = manifest.files.at(-1) ?? given;
  if (requirements.length === 0)
    step.annotate('warning', 'The manifest has no requirements, so this check proves nothing.', { file });
  const first = await lookAt(requirements, step, inputs, step.job);
  keepVerdict(tallyResults(first.results));
  // After an installation, nothing counts as checked before.
  const look = (job: Job) => lookAt(requirements, step, { ...inputs, known: undefined, reuse: false }, job);
  const last: Looked<typeof first> =
    inputs.mode === 'check' ? first : await loadInstaller().then((act) => act(step, inputs, first, look));
  const { results, machine, known, remember, digest } = last;
  const counted = tallyResults(results);
  keepVerdict(counted);
  if (requirements.length > 0 && counted.counts.skip === requirements.length)
    step.annotate('notice', 'No requirement applies here, so this check proves nothing.', { file });
  setOutputs(step, { ...inputs, fallback: fallbackOf(step, inputs, manifest, machine) }, counted);
  step.outputs.set('fingerprint', formatFingerprint(counted.status, digest));
  step.outputs.set('labels', JSON.stringify(capabilityLabels(results, hostCapacity())));
  annotate(step, inputs, results);
  await remember(results);
  const installation =
    last.installation === undefined || inputs.mode !== 'install'
      ? undefined
      : toInstallationReport(last.installation);
  const report = makeReport({
    manifest,
    name: manifest.name ?? file,
    counted,
    results,
    known,
    machine,
    installation,
  });
  step.summary.add(renderSummary(report.name, results, counted, known.size, report.machine));
  if (installation !== undefined)
    step.summary.add(renderInstallation(installation, last.installation?.refusal));
  await step.report('validate-preinstalled', report, 2, { xml: renderJUnit(report) });
  failIfUnmet(inputs, counted);
}

/** A stranger's manifest chooses no runner: it could send later jobs of this repository to a machine of its choice. */
function fallbackOf(
  step: Step,
  inputs: ValidateInputs,
  { fallback, files }: Manifest,
  { strangersManifest }: Machine,
): string | undefined {
  if (inputs.fallback !== undefined || fallback === undefined || !strangersManifest)
    return inputs.fallback ?? fallback;
  const message =
    "'on-failure' of the manifest is ignored: this run is not trusted, so that a stranger may have written it. The output 'runs-on' is that of the input 'fallback', or \"ubuntu-latest\".";
  const file = files.at(-1);
  step.annotate('notice', message, file === undefined ? {} : { file });
  return undefined;
}

/** Checks everything that did not pass in an earlier check. */
async function lookAt(requirements: readonly Requirement[], step: Step, inputs: ValidateInputs, job: Job) {
  const machine = openMachine(job, step.deadline.limit(inputs.timeout), inputs.allowCommands);
  const fingerprint = await computeFingerprint(requirements, machine);
  const { known, remember } = openReuse(step, inputs, requirements, fingerprint, machine);
  const { concurrency } = inputs;
  const results = await checkAll(requirements, machine, { concurrency, known }).finally(machine.close);
  return { machine, results, known, remember, digest: fingerprint.digest };
}

async function loadInstaller() {
  return (await import('./install/plan-or-install.ts')).planOrInstall;
}

/** Most annotations. GitHub shows ten, and the rest takes time. The worst come first. */
const mostAnnotations = 1_000;

function annotate(step: Step, { onFailure, mode }: ValidateInputs, results: readonly Result[]): void {
  let left = mostAnnotations;
  for (const result of worstFirst(results)) {
    const { file, line, column } = result.requirement;
    const level = result.status === 'warn' || onFailure !== 'fail' || mode === 'plan' ? 'warning' : 'error';
    if (result.status === 'pass') step.log.info(sentence(result));
    else if (result.status !== 'skip' && left > 0) {
      left -= 1;
      step.annotate(level, sentence(result), { file, line, column });
    }
  }
}

interface Checked {
  manifest: Manifest;
  name: string;
  counted: Tally;
  results: readonly Result[];
  known: ReadonlySet<Requirement>;
  machine: Machine;
  installation: InstallationReport | undefined;
}

function makeReport({ manifest, name, counted, results, known, machine, installation }: Checked): Report {
  const { facts, job } = machine;
  const environment = job.runner.environment ?? null;
  return {
    ...{ version: 1, name, ...counted },
    machine: { os: facts.os, arch: facts.arch, environment, container: facts.container },
    files: [...manifest.files],
    results: results.map((result) => toReport(result, known.has(result.requirement))),
    ...(installation === undefined ? {} : { installation }),
  };
}
