import { type Config, configFor, policyFor } from '@runner-actions/config';
import { formatDuration, type Step } from '@runner-actions/core';
import type { CleanInputs } from './inputs.ts';

/** What is to be done. Saved for post as it is: there are no secrets in it. */
export interface Settled {
  inputs: CleanInputs & { keep: readonly string[]; budget: number };
  /** Absolute paths that the owner of the machine protects. */
  protect: readonly string[];
  /** What the machine's policy limits, for the log of each phase. */
  limits: readonly string[];
}

/** The inputs, else the team's configuration, within what the machine's policy allows. */
export async function settle(step: Step, given: CleanInputs): Promise<Settled> {
  const { kind, config } = await configFor(step);
  for (const key of ['disk-high', 'disk-low'] as const)
    if (config.cleanup?.[key] !== undefined) step.log.info(`'cleanup.${key}' has no effect in this version.`);
  const settled = await withPolicy(step, given, config.cleanup);
  if (kind !== 'unknown' || given.keep !== undefined) return settled;
  step.annotate(
    'warning',
    "The workspace is left as it is: what the configuration keeps is unknown. Give the token 'contents: read', or name what stays in the input 'keep'.",
  );
  return { ...settled, inputs: { ...settled.inputs, workspace: false } };
}

async function withPolicy(step: Step, given: CleanInputs, team: Config['cleanup'] = {}): Promise<Settled> {
  const answer = await policyFor(step);
  const { budget: most = Infinity, protect = [] } = answer?.policy.cleanup ?? {};
  const { keep = team.keep ?? [], budget = team.budget ?? 60_000 } = given;
  const limits: string[] = [];
  if (protect.length > 0) limits.push(`${answer?.path} protects ${protect.join(', ')}.`);
  if (most < budget)
    limits.push(
      `${answer?.path} limits 'budget' to ${formatDuration(most)}, from ${formatDuration(budget)}.`,
    );
  for (const limit of limits) step.log.info(limit);
  return { inputs: { ...given, keep, budget: Math.min(most, budget) }, protect, limits };
}
