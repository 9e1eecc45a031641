import {
  type Deadline,
  execute,
  type Job,
  reasonOf,
  stackOf,
  type Step,
  UserError,
} from '@runner-actions/core';
import { readStepPolicy } from '@runner-actions/config';
import type { ValidateInputs } from '../inputs.ts';
import type { Machine } from '../kinds/kind.ts';
import { managerEnvironment } from './manager-environment.ts';
import type { Result } from '../results.ts';
import { forgetSearchPath } from '../search-path-io.ts';
import { readAptLists } from './apt-lists-io.ts';
import { carryOut, type Installation, type Outcome } from './carry-out-io.ts';
import { exportPaths, newPaths } from './new-paths-io.ts';
import { aptPackages, describePlan, makePlan, type Plan, planAsJson, withRefresh } from './plan.ts';
import { needsSudo, refusalOf } from './refusal.ts';
import { explainUnmet } from './unmet.ts';

/** What a check found. */
export interface Look {
  machine: Machine;
  results: readonly Result[];
}

/** The last check, and what was done before it, if anything had to be. */
export type Looked<L extends Look> = L & { installation?: Installation };

/**
 * Plans what meets the requirements that a check found unmet, and with `mode: install` carries that out and checks
 * everything again. What breaks on the way leaves the requirements as unmet as they are.
 * @param again checks everything, with nothing remembered of the check before
 * @returns the last check
 */
export async function planOrInstall<L extends Look>(
  step: Step,
  inputs: ValidateInputs,
  first: L,
  again: (job: Job) => Promise<L>,
): Promise<Looked<L>> {
  let plan: Plan = { rounds: [], left: [] };
  try {
    plan = await readPlan(first, step.deadline);
    step.outputs.set('plan', planAsJson(plan));
    const lines = describePlan(plan);
    step.log.group('Plan', lines.length === 0 ? ['Nothing has to be installed.'] : lines);
    if (inputs.mode === 'plan' || plan.rounds.length === 0) return first;
    const refusal = await refusalFor(step, plan, first.machine);
    if (refusal === undefined) return await install(step, inputs, plan, first, again);
    step.annotate(inputs.onFailure === 'fail' ? 'error' : 'warning', refusal);
    return { ...first, installation: { done: [], problem: refusal } };
  } catch (error) {
    if (error instanceof UserError) throw error;
    const problem = reasonOf(error);
    step.annotate('warning', `The ${inputs.mode} could not be completed: ${problem}.`);
    step.log.debug(stackOf(error));
    const results = explainUnmet(first.results, { plan, done: [], problem });
    return { ...first, results, installation: { done: [], problem } };
  }
}

async function install<L extends Look>(
  step: Step,
  inputs: ValidateInputs,
  plan: Plan,
  first: L,
  again: (job: Job) => Promise<L>,
): Promise<Looked<L>> {
  const { done, named, problem } = await carryOutPlan(step, inputs, plan, first);
  for (const one of done)
    if (one.problem !== undefined)
      step.annotate('warning', `'${one.act.command.concat(one.act.packages).join(' ')}': ${one.problem}.`);
  if (problem !== undefined) step.annotate('warning', `The installation could not go on: ${problem}.`);
  const managers = done.map(({ act }) => act.by);
  const paths = await newPaths(managers, named, first.machine.job.environment);
  const { job, problem: pathProblem } = await exportPaths(first.machine.job, paths);
  if (pathProblem !== undefined) step.annotate('warning', `${pathProblem}.`);
  step.log.debug(job === first.machine.job ? 'PATH is as before.' : `Added to PATH: ${paths.join(', ')}`);
  forgetSearchPath();
  const ending = { plan, done, problem, pathProblem };
  const installation = { done, problem };
  try {
    const last = await again(job);
    return { ...last, installation, results: explainUnmet(last.results, ending) };
  } catch (error) {
    const unchecked = `it could not be checked again: ${reasonOf(error)}`;
    step.annotate('warning', `After the installation, ${unchecked}.`);
    const results = explainUnmet(first.results, { ...ending, pathProblem: unchecked });
    return { ...first, installation, results };
  }
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

/** Milliseconds that an installation leaves for the check after it, beside the check's own limit, and most of that. */
const reserve = { own: 60_000, check: 5 * 60_000 };

/**
 * Returns how long an installation may take, in milliseconds: it leaves time for the check after it, since a step whose
 * time is over has no verdict.
 * @param left what the step has left
 */
export function installLimit(
  { installTimeout, timeout }: Pick<ValidateInputs, 'installTimeout' | 'timeout'>,
  left: number,
): number {
  return Math.max(0, Math.min(installTimeout, left - reserve.own - Math.min(timeout, reserve.check)));
}

function carryOutPlan(
  { log, deadline }: Step,
  inputs: ValidateInputs,
  plan: Plan,
  { machine, results }: Look,
): Promise<Outcome> {
  const features = results.flatMap(({ requirement }) =>
    requirement.kind === 'feature' ? [requirement] : [],
  );
  const limit = installLimit(inputs, deadline.remaining());
  const isRoot = process.getuid?.() === 0;
  return carryOut(plan, { machine, log, deadline: deadline.limit(limit), features, isRoot });
}
