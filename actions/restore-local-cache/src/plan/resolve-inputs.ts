import { chooseStoreRoot, readStepConfig, readStepPolicy, type RootFrom } from '@runner-actions/config';
import type { Step } from '@runner-actions/core';
import { limitBounds, type ResolvedBounds, type StoreBounds, mergeBounds } from './store-bounds.ts';
import { type CacheInputs, type BoundsInputs, readInputs, readSharedKey } from '../inputs.ts';

/** The inputs, completed by the configuration and limited by the machine policy. Saved for the post phase. */
export type ResolvedInputs = Omit<CacheInputs, 'bounds' | 'remote'> & {
  remote: NonNullable<CacheInputs['remote']>;
  bounds: ResolvedBounds;
};

/** The root of the store, if something sets it, and the limits of the store. */
export interface StoreSettings {
  root: string | undefined;
  rootFrom: RootFrom;
  bounds: ResolvedBounds;
}

interface ResolvedSettings extends Omit<StoreSettings, 'bounds'> {
  inputs: ResolvedInputs;
}

/** The parts of a step that reading the policy needs. */
type StepForPolicy = Pick<Step, 'inputs' | 'job' | 'log' | 'annotate'>;

/** Resolves the inputs: input, then the team's configuration, within the machine policy. */
export async function resolveInputs(step: Step): Promise<ResolvedSettings> {
  // Check the inputs first: their errors need no network access.
  const given = readInputs(step.inputs);
  if (readSharedKey(step.inputs) !== undefined && given.shared === undefined)
    step.annotate('warning', "Input 'shared-key' has no effect without 'shared'.");
  const { cache: team = {} } = (await readStepConfig(step)).config;
  const { bounds, ...root } = await resolveStoreSettings(
    step,
    given.root,
    mergeBounds(given.bounds, team),
    team.root,
  );
  return { inputs: { ...given, remote: given.remote ?? team.remote ?? 'auto', bounds }, ...root };
}

/** Resolves the options of the store command. The machine's owner runs it, so the configuration does not apply. */
export async function resolveCommandSettings(
  step: StepForPolicy,
  { root, bounds }: { root: string | undefined; bounds: BoundsInputs },
): Promise<StoreSettings> {
  return resolveStoreSettings(step, root, mergeBounds(bounds), undefined);
}

/** Resolves root and limits. */
async function resolveStoreSettings(
  step: StepForPolicy,
  given: string | undefined,
  wanted: StoreBounds,
  configuration: string | undefined,
): Promise<StoreSettings> {
  const answer = await readStepPolicy(step);
  const policy = answer?.policy.cache;
  const variable = step.job.environment['RUNNER_ACTIONS_CACHE'];
  if (given === undefined && !variable && policy?.root !== undefined)
    step.log.info(`${answer?.path} sets the root of the store: ${policy.root}.`);
  const { bounds, limits } = limitBounds(wanted, policy);
  for (const limit of limits) step.log.info(`${answer?.path} limits ${limit}.`);
  return {
    ...chooseStoreRoot({ input: given, variable, policy: policy?.root, configuration }),
    bounds,
  };
}
