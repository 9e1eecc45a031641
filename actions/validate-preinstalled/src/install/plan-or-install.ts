import { execute, type Job, reasonOf, stackOf, type Step, UserError } from '@runner-actions/core';
import { readStepPolicy } from '@runner-actions/config';
import type { ValidateInputs } from '../inputs.ts';
import type { Machine } from '../kinds/kind.ts';
import { managerEnvironment } from './manager-environment.ts';
import type { Result } from '../results.ts';
import { forgetSearchPath } from '../search-path-io.ts';
import { readAptLists } from './apt-lists-io.ts';
import { carryOut, type Installation, type Outcome } from './carry-out-io.ts';
import { exportPaths, newPaths } from './new-paths-io.ts';
import {
  type AptLists,
  aptPackages,
  describePlan,
  hasOwnFeature,
  makePlan,
  type Plan,
  planAsJson,
  withoutUnknown,
  withRefresh,
} from './plan.ts';
import {
  needsSudo,
  type Permissions,
  type Refusal,
  refusalOf,
  refusalText,
  whyForbidden,
} from './refusal.ts';
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
    plan = makePlan(first.results);
    const limits = plan.rounds.length === 0 ? undefined : await readLimits(step, first.machine);
    const mayStart = limits !== undefined && whyForbidden(limits) === undefined;
    const lists = await readAptLists(aptPackages(plan), first.machine.job, step.deadline, mayStart);
    plan = withRefresh(plan, lists);
    const certain = hasOwnFeature(plan) ? plan : withoutUnknown(plan, first.results, lists);
    showPlan(step, certain);
    if (inputs.mode === 'plan' || limits === undefined) return first;
    const refusal = await refusalFor(step, plan, certain, limits);
    if (refusal === undefined) return await install(step, inputs, { plan, lists }, first, again);
    step.annotate(inputs.onFailure === 'fail' ? 'error' : 'warning', refusalText(refusal));
    return { ...first, installation: { done: [], problem: refusalText(refusal), refusal } };
  } catch (error) {
    if (error instanceof UserError) throw error;
    const problem = reasonOf(error);
    step.annotate('warning', `The ${inputs.mode} could not be completed: ${problem}.`);
    step.log.debug(stackOf(error));
    const results = explainUnmet(first.results, { plan, done: [], problem });
    return { ...first, results, installation: { done: [], problem } };
  }
}

function showPlan(step: Step, plan: Plan): void {
  step.outputs.set('plan', planAsJson(plan));
  const lines = describePlan(plan);
  step.log.group('Plan', lines.length === 0 ? ['Nothing has to be installed.'] : lines);
}

async function install<L extends Look>(
  step: Step,
  inputs: ValidateInputs,
  { plan, lists }: { plan: Plan; lists: AptLists },
  first: L,
  again: (job: Job) => Promise<L>,
): Promise<Looked<L>> {
  const { done, named, problem } = await carryOutPlan(step, inputs, plan, first);
  for (const one of done)
    if (one.problem !== undefined)
      step.annotate('warning', `'${one.act.command.concat(one.act.packages).join(' ')}': ${one.problem}.`);
  if (problem !== undefined) step.annotate('warning', `The installation could not go on: ${problem}.`);
  // Only now it is known what apt does not know.
  const unknown = new Map(done.flatMap((one) => [...(one.unknown ?? [])]));
  step.outputs.set('plan', planAsJson(withoutUnknown(plan, first.results, { ...lists, unknown })));
  const managers = done.map(({ act }) => act.by);
  const paths = await newPaths(managers, named, first.machine.job.environment);
  const { job, problem: pathProblem } = await exportPaths(first.machine.job, paths);
  if (pathProblem !== undefined) step.annotate('warning', `${pathProblem}.`);
  step.log.debug(job === first.machine.job ? 'PATH is as before.' : `Added to PATH: ${paths.join(', ')}`);
  forgetSearchPath();
  const ending = { plan, done, problem, pathProblem, before: first.results };
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

type Limits = Pick<Permissions, 'trusted' | 'forbiddenBy'>;

/** Reads whether anything may be installed, before a program of the system starts for it. */
async function readLimits(step: Step, { trusted }: Machine): Promise<Limits> {
  const policy = await readStepPolicy(step);
  return { trusted, forbiddenBy: policy?.policy.install === 'forbidden' ? policy.path : undefined };
}

async function refusalFor(
  step: Step,
  plan: Plan,
  certain: Plan,
  limits: Limits,
): Promise<Refusal | undefined> {
  const isRoot = process.getuid?.() === 0;
  const mustAsk = whyForbidden(limits) === undefined && !isRoot && needsSudo(plan);
  const sudoProblem = mustAsk ? await whyNoSudo(step) : undefined;
  return refusalOf(plan, { ...limits, isRoot, sudoProblem }, certain);
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
