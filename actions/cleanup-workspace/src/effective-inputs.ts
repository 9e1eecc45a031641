import {
  chooseStoreRoot,
  type Config,
  readStepConfig,
  readStepPolicy,
  type ReclaimName,
} from '@runner-actions/config';
import { type Job, type Log, type Step, UserError } from '@runner-actions/core';
import type { CleanInputs } from './inputs.ts';
import { limitByPolicy, percent } from './policy-limits.ts';

/** The final settings of the clean-up. They are saved for the post phase and contain no secrets. */
export interface ResolvedInputs {
  inputs: CleanInputs & { keep: readonly string[]; budget: number; diskHigh: number; diskLow: number };
  /** Absolute paths that the machine's policy protects. */
  protect: readonly string[];
  /** What the machine's policy allows to free; `undefined` if it does not say it. */
  allowed: readonly ReclaimName[] | undefined;
  /** Whether the machine's policy lets a clean-up use `sudo`. */
  sudo: boolean;
  /** The root of the cache store; `undefined` if nothing sets it. */
  storeRoot: string | undefined;
  /** Messages about the limits of the machine's policy, for the log of each phase. */
  limits: readonly string[];
}

/**
 * Combines the inputs with the team's configuration and applies the limits of the machine's policy. Inputs override
 * the configuration.
 */
export async function resolveInputs(step: Step, given: CleanInputs): Promise<ResolvedInputs> {
  const { kind, config } = await readStepConfig(step);
  const resolved = await withPolicy(step, given, config);
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
  { cleanup: team = {}, cache }: Config,
): Promise<ResolvedInputs> {
  const answer = await readStepPolicy(step);
  const { keep = team.keep ?? [], budget = team.budget ?? 60_000 } = given;
  const asked = { ...given, ...disksOf(given, team), keep, budget };
  return applyPolicy(asked, answer, step.log, { ...step.job, configuration: cache?.root });
}

/**
 * Applies the limits of the machine's policy, and logs them.
 * @param answer `undefined`: the machine has no policy
 * @param store what else may name the root of the cache store
 */
export function applyPolicy(
  asked: ResolvedInputs['inputs'],
  answer: Awaited<ReturnType<typeof readStepPolicy>>,
  log: Log,
  store: Pick<Job, 'environment'> & { configuration?: string | undefined },
): ResolvedInputs {
  const { root: storeRoot } = chooseStoreRoot({
    variable: store.environment['RUNNER_ACTIONS_CACHE'],
    policy: answer?.policy.cache?.root,
    configuration: store.configuration,
  });
  if (answer === undefined)
    return { inputs: asked, protect: [], allowed: undefined, sudo: false, storeRoot, limits: [] };
  const { policy, path } = answer;
  const { inputs, limits } = limitByPolicy(asked, policy, path);
  for (const limit of limits) log.info(limit);
  const { protect = [], sudo = false } = policy.cleanup ?? {};
  return { inputs, protect, allowed: policy.reclaim, sudo, storeRoot, limits };
}

/** Returns the used shares from which and until which more is freed, with their defaults. */
export function diskLevels(
  diskHigh = 0.85,
  diskLow = Math.min(0.75, diskHigh),
): { diskHigh: number; diskLow: number } {
  return { diskHigh, diskLow };
}

/** @throws UserError if freeing would stop before it starts */
function disksOf(given: CleanInputs, team: Config['cleanup']): { diskHigh: number; diskLow: number } {
  const levels = diskLevels(given.diskHigh ?? team?.['disk-high'], given.diskLow ?? team?.['disk-low']);
  const { diskHigh, diskLow } = levels;
  if (diskLow <= diskHigh) return levels;
  throw new UserError(
    `Input 'disk-low' is ${percent(diskLow)}: expected at most 'disk-high', which is ${percent(diskHigh)}.`,
  );
}
