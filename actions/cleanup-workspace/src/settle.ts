import { configFor, policyFor } from '@runner-actions/config';
import { formatDuration, type Step } from '@runner-actions/core';
import { type CleanInputs, readInputs } from './inputs.ts';

export interface Settled {
  inputs: Readonly<CleanInputs>;
  /** Absolute paths that the owner of the machine protects. */
  protect: readonly string[];
}

/** What is to be done: the inputs, else the team's configuration, within what the machine's policy allows. */
export async function settle(step: Step): Promise<Settled> {
  const { kind, config } = await configFor(step);
  const inputs = readInputs(step.inputs, config.cleanup);
  for (const key of ['disk-high', 'disk-low'] as const)
    if (config.cleanup?.[key] !== undefined) step.log.info(`'cleanup.${key}' has no effect in this version.`);
  const settled = await withPolicy(step, inputs);
  if (kind !== 'unknown' || step.inputs.lines('keep').length > 0) return settled;
  step.annotate(
    'warning',
    "The workspace is left as it is: what the configuration keeps is unknown. Give the token 'contents: read', or name what stays in the input 'keep'.",
  );
  return { ...settled, inputs: { ...settled.inputs, workspace: false } };
}

async function withPolicy(step: Step, inputs: Readonly<CleanInputs>): Promise<Settled> {
  const answer = await policyFor(step);
  if (answer === undefined) return { inputs, protect: [] };
  const { budget, protect = [] } = answer.policy.cleanup ?? {};
  if (protect.length > 0) step.log.info(`${answer.path} protects ${protect.join(', ')}.`);
  if (budget === undefined || budget >= inputs.budget) return { inputs, protect };
  step.log.info(`${answer.path} limits 'budget' to ${formatDuration(budget)}.`);
  return { inputs: { ...inputs, budget }, protect };
}
