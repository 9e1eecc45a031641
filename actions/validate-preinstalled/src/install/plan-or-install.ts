import { type Deadline, execute, type Job, type Log, type Step } from '@runner-actions/core';
import { readStepPolicy } from '@runner-actions/config';
import type { ValidateInputs } from '../inputs.ts';
import type { Machine } from '../kinds/kind.ts';
import { managerEnvironment } from './manager-environment.ts';
import type { Result } from '../results.ts';
import { forgetSearchPath } from '../search-path-io.ts';
import { readAptLists } from './apt-lists-io.ts';
import { carryOut, type Done } from './carry-out-io.ts';
import { exportPaths, newPaths } from './new-paths-io.ts';
import { aptPackages, describePlan, makePlan, type Plan, planAsJson, withRefresh } from './plan.ts';
import { needsSudo, refusalOf } from './refusal.ts';
import { markUnusable } from './unusable.ts';

/** What a check found. */
export interface Look {
  machine: Machine;
  results: readonly Result[];
}

/**
 * Plans what meets the requirements that a check found unmet, and with `mode: install` carries that out and checks
 * everything again.
 * @param again checks everything, with nothing remembered of the check before
 * @returns the last check
 */
export async function planOrInstall<L extends Look>(
  step: Step,
  inputs: ValidateInputs,
  first: L,
  again: (job: Job) => Promise<L>,
): Promise<L> {
  const plan = await readPlan(first, step.deadline);
  step.outputs.set('plan', planAsJson(plan));
  const { log } = step;
  log.group('Plan', describePlan(plan).length === 0 ? ['Nothing has to be installed.'] : describePlan(plan));
  if (inputs.mode === 'plan' || plan.rounds.length === 0) return first;
  const refusal = await refusalFor(step, plan, first.machine);
  if (refusal !== undefined) {
    step.annotate(inputs.onFailure === 'fail' ? 'error' : 'warning', refusal);
    return first;
  }
  const { done, paths } = await carryOutPlan(step, inputs, plan, first);
  for (const { act, problem } of done)
    if (problem !== undefined)
      step.annotate('warning', `'${act.command.concat(act.packages).join(' ')}': ${problem}.`);
  forgetSearchPath();
  const job = await exportPaths(first.machine.job, paths);
  log.debug(paths.length === 0 ? 'PATH is as before.' : `Added to PATH: ${paths.join(', ')}`);
  const last = await again(job);
  return { ...last, results: markUnusable(last.results, done) };
}

/** Plans from the results of a check. It changes nothing. */
async function readPlan({ results, machine }: Look, deadline: Deadline): Promise<Plan> {
  const plan = makePlan(results);
  const packages = aptPackages(plan);
  return withRefresh(plan, await readAptLists(packages, machine.job, deadline));
}

async function refusalFor(step: Step, plan: Plan, { trusted }: Machine): Promise<string | undefined> {
  const policy = await readStepPolicy(step);
  const isRoot = process.getuid?.() === 0;
  const mustAsk = !isRoot && needsSudo(plan);
  return refusalOf(plan, {
    ...{ trusted, isRoot },
    forbiddenBy: policy?.policy.install === 'forbidden' ? policy.path : undefined,
    sudoProblem: mustAsk ? await whyNoSudo(step) : undefined,
  });
}

/** Asks sudo whether it works without a password. */
async function whyNoSudo({ job, deadline }: Step): Promise<string | undefined> {
  const env = managerEnvironment(job.environment);
  const { status, code, stderr, error } = await execute(['sudo', '-n', 'true'], {
    env,
    deadline,
    timeout: 10_000,
  });
  if (status === 'exited' && code === 0) return undefined;
  return error?.code ?? (stderr.trim().split('\n', 1)[0]?.slice(0, 120) || status);
}

async function carryOutPlan(
  step: { log: Log; deadline: Step['deadline'] },
  { installTimeout }: ValidateInputs,
  plan: Plan,
  { machine, results }: Look,
): Promise<{ done: Done[]; paths: string[] }> {
  const features = results.flatMap(({ requirement }) =>
    requirement.kind === 'feature' ? [requirement] : [],
  );
  const site = {
    ...{ machine, log: step.log, deadline: step.deadline.limit(installTimeout), features },
    isRoot: process.getuid?.() === 0,
  };
  const { done, named } = await carryOut(plan, site);
  const managers = done.map(({ act }) => act.by);
  return { done, paths: await newPaths(managers, named, machine.job.environment) };
}
