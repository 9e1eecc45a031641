import { type Config, readStepConfig, readStepPolicy, type ReclaimName } from '@runner-actions/config';
import { formatDuration, type Step, UserError } from '@runner-actions/core';
import type { CleanInputs } from './inputs.ts';

/** The final settings of the clean-up. They are saved for the post phase and contain no secrets. */
export interface ResolvedInputs {
  inputs: CleanInputs & { keep: readonly string[]; budget: number; diskHigh: number; diskLow: number };
  /** Absolute paths that the machine's policy protects. */
  protect: readonly string[];
  /** What the machine's policy allows to free; `undefined` if it does not say it. */
  allowed: readonly ReclaimName[] | undefined;
  /** Messages about the limits of the machine's policy, for the log of each phase. */
  limits: readonly string[];
}

/**
 * Combines the inputs with the team's configuration and applies the limits of the machine's policy. Inputs override
 * the configuration.
 */
export async function resolveInputs(step: Step, given: CleanInputs): Promise<ResolvedInputs> {
  const { kind, config } = await readStepConfig(step);
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
  const { cleanup = {}, reclaim: allowed } = answer?.policy ?? {};
  const { budget: maxBudget = Infinity, protect = [] } = cleanup;
  const { keep = team.keep ?? [], budget = team.budget ?? 60_000 } = given;
  const limits: string[] = [];
  if (protect.length > 0) limits.push(`${answer?.path} protects ${protect.join(', ')}.`);
  if (maxBudget < budget)
    limits.push(
      `${answer?.path} limits 'budget' to ${formatDuration(maxBudget)}, from ${formatDuration(budget)}.`,
    );
  for (const limit of limits) step.log.info(limit);
  const inputs = { ...given, ...disksOf(given, team), keep, budget: Math.min(maxBudget, budget) };
  return { inputs, protect, allowed, limits };
}

/** @throws UserError if freeing would stop before it starts */
function disksOf(given: CleanInputs, team: Config['cleanup']): { diskHigh: number; diskLow: number } {
  const diskHigh = given.diskHigh ?? team?.['disk-high'] ?? 0.85;
  const diskLow = given.diskLow ?? team?.['disk-low'] ?? Math.min(0.75, diskHigh);
  if (diskLow <= diskHigh) return { diskHigh, diskLow };
  const [low, high] = [diskLow, diskHigh].map((share) => `${Number((share * 100).toFixed(2))}%`);
  throw new UserError(`Input 'disk-low' is ${low}: expected at most 'disk-high', which is ${high}.`);
}
