import { realpath } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname } from 'node:path';
import { checkoutFiles, describeProblem, type Policy } from '@runner-actions/config';
import { type Deadline, messageOf, type Step, UserError, withinDeadline } from '@runner-actions/core';
import { loadManifest, type Manifest } from '@runner-actions/manifest';
import { checkAll } from '@runner-actions/validate-preinstalled/check';
import { openMachine } from '@runner-actions/validate-preinstalled/machine';
import { sentence, worstFirst } from '@runner-actions/validate-preinstalled/report';
import { tallyResults } from '@runner-actions/validate-preinstalled/results';

type Results = Awaited<ReturnType<typeof checkAll>>;

/** Most requirements with an annotation of their own. GitHub shows ten of a step. */
const annotated = 9;

/**
 * Checks the machine against the manifest of its policy. Only an unmet requirement can fail the job, and only if the
 * policy says so: what could not be found out, mistakes in the manifest and our own failures are warnings.
 * @param deadline the job waits until then, whatever a probe does
 * @param look checks the machine; another one in tests
 * @throws UserError that fails the job, if requirements are not met and `on-unmet` is `fail`
 */
export async function checkMachineRequirements(
  step: Step,
  { manifest: path, 'on-unmet': onUnmet = 'warn' }: NonNullable<Policy['hooks']>,
  deadline: Deadline,
  look = check,
): Promise<void> {
  if (path === undefined) return;
  let results: Results;
  try {
    results = await withinDeadline(look(step, path, deadline), deadline, 'there was no time left');
  } catch (error) {
    step.annotate('warning', `The machine is not checked against ${path}: ${messageOf(error)}.`);
    return;
  }
  const unmet = results.filter(({ status }) => status === 'fail');
  const fails = onUnmet === 'fail' && unmet.length > 0;
  annotate(step, results, fails);
  const { counts } = tallyResults(results);
  const title = `Requirements of this machine: ${counts.pass} met, ${counts.fail + counts.warn} not met, ${counts.error} unknown`;
  step.log.group(
    title,
    results.map((result) => `${result.status.padEnd(5)} ${sentence(result)}`),
  );
  if (!fails) return;
  throw new UserError(
    `This machine does not meet ${unmet.length} of ${results.length} requirements of ${path}, so its owner lets no job run here.`,
    { strict: true },
  );
}

async function check(step: Step, path: string, deadline: Deadline): Promise<Results> {
  const { requirements } = await read(path);
  // No file of the workspace and no command of the manifest counts: an earlier job may have left them.
  const machine = openMachine(step.job, deadline);
  const concurrency = Math.max(4, 2 * availableParallelism());
  // The manifest itself is the owner's, whatever the event is.
  const howToAllow = 'A hook runs no command of a manifest. Check it by a step of the job.';
  const strict = { ...machine, trusted: false, strangersManifest: false, allowCommands: false, howToAllow };
  return checkAll(requirements, strict, { concurrency, known: new Set() }).finally(machine.close);
}

/** Reads the manifest with the files beside it. The owner's path may be a link; files of repositories are not fetched. */
async function read(path: string): Promise<Manifest> {
  const why = 'the manifest of a machine extends only files beside it';
  const others = { read: () => Promise.resolve({ kind: 'unknown', why } as const) };
  const real = await realpath(path);
  const place = { repository: undefined, ref: undefined, path: basename(real) };
  const loaded = await loadManifest(checkoutFiles(dirname(real), others), place);
  if (loaded.kind === 'read') return loaded.manifest;
  if (loaded.kind !== 'wrong') throw new Error(loaded.why);
  const problems = loaded.problems.map(
    (one) => `${one.file}:${one.line}:${one.column}: ${describeProblem(one)}`,
  );
  throw new Error(`it has mistakes: ${problems.slice(0, 5).join('; ')}`);
}

function annotate(step: Step, results: Results, fails: boolean): void {
  const bad = worstFirst(results).filter(({ status }) => status !== 'pass' && status !== 'skip');
  for (const result of bad.slice(0, annotated)) {
    const { file, line } = result.requirement;
    const level = fails && result.status === 'fail' ? 'error' : 'warning';
    step.annotate(level, `${sentence(result)} (${file}:${line} of this machine)`);
  }
  if (bad.length > annotated)
    step.annotate('warning', `${bad.length - annotated} more requirements are in the log of this step.`);
}
