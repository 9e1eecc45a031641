import { type Config, readStepConfig, readStepPolicy } from '@runner-actions/config';
import { formatDuration, type Step } from '@runner-actions/core';
import type { CleanInputs } from './inputs.ts';

/** The final settings of the clean-up. They are saved for the post phase and contain no secrets. */
export interface ResolvedInputs {
  inputs: CleanInputs & { keep: readonly string[]; budget: number };
  /** Absolute paths that the machine's policy protects. */
  protect: readonly string[];
  /** Messages about the limits of the machine's policy, for the log of each phase. */
  limits: readonly string[];
}

/**
 * Combines the inputs with the team's configuration and applies the limits of the machine's policy. Inputs override
 * the configuration.
 */
export async function resolveInputs(step: Step, given: CleanInputs): Promise<ResolvedInputs> {
  const { kind, config } = await readStepConfig(step);
  for (const key of ['disk-high', 'disk-low'] as const)
    if (config.cleanup?.[key] !== undefined) step.log.info(`'cleanup.${key}' has no effect in this version.`);
  const resolved = await withPolicy(step, given, config.cleanup);
  if (kind !== 'unknown' || given.keep !== undefined) return resolved;
  step.annotate(
    'warning',
    "The workspace is left as it is, because the list of entries to keep is unknown without the configuration. Give the token 'contents: read', or set the input 'keep'.",
  );
  return { ...resolved, inputs: { ...resolved.inputs, workspace: false } };
}

async function withPolicy(
  step: Step,
  given: CleanInputs,
  team: Config['cleanup'] = {},
): Promise<ResolvedInputs> {
  const answer = await readStepPolicy(step);
  const { budget: maxBudget = Infinity, protect = [] } = answer?.policy.cleanup ?? {};
  const { keep = team.keep ?? [], budget = team.budget ?? 60_000 } = given;
  const limits: string[] = [];
  if (protect.length > 0) limits.push(`${answer?.path} protects ${protect.join(', ')}.`);
  if (maxBudget < budget)
    limits.push(
      `${answer?.path} limits 'budget' to ${formatDuration(maxBudget)}, from ${formatDuration(budget)}.`,
    );
  for (const limit of limits) step.log.info(limit);
  return { inputs: { ...given, keep, budget: Math.min(maxBudget, budget) }, protect, limits };
}
