import { configFor, policyFor } from '@runner-actions/config';
import { formatDuration, type Step } from '@runner-actions/core';
import { type CleanInputs, readInputs, readKeep } from './inputs.ts';

export interface Settled {
  inputs: Readonly<CleanInputs>;
  /** Absolute paths that the owner of the machine protects. */
  protect: readonly string[];
  /** What the machine's policy limits, for the log of each phase. */
  limits: readonly string[];
}

/** What is to be done: the inputs, else the team's configuration, within what the machine's policy allows. */
export async function settle(step: Step): Promise<Settled> {
  const { kind, config } = await configFor(step);
  const inputs = readInputs(step.inputs, config.cleanup);
  for (const key of ['disk-high', 'disk-low'] as const)
    if (config.cleanup?.[key] !== undefined) step.log.info(`'cleanup.${key}' has no effect in this version.`);
  const settled = await withPolicy(step, inputs);
  if (kind !== 'unknown' || readKeep(step.inputs).length > 0) return settled;
  step.annotate(
    'warning',
    "The workspace is left as it is: what the configuration keeps is unknown. Give the token 'contents: read', or name what stays in the input 'keep'.",
  );
  return { ...settled, inputs: { ...settled.inputs, workspace: false } };
}

async function withPolicy(step: Step, inputs: Readonly<CleanInputs>): Promise<Settled> {
  const answer = await policyFor(step);
  const { budget = Infinity, protect = [] } = answer?.policy.cleanup ?? {};
  const limits: string[] = [];
  if (protect.length > 0) limits.push(`${answer?.path} protects ${protect.join(', ')}.`);
  if (budget < inputs.budget)
    limits.push(
      `${answer?.path} limits 'budget' to ${formatDuration(budget)}, from ${formatDuration(inputs.budget)}.`,
    );
  for (const limit of limits) step.log.info(limit);
  return { inputs: { ...inputs, budget: Math.min(budget, inputs.budget) }, protect, limits };
}
