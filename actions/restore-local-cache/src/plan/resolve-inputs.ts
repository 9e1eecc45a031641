import { configFor, policyFor } from '@runner-actions/config';
import type { Step } from '@runner-actions/core';
import { limitBounds, type ResolvedBounds, type StoreBounds, mergeBounds } from './store-bounds.ts';
import { type CacheInputs, type BoundsInputs, readInputs, readSharedKey } from '../inputs.ts';

/** The inputs, joined with what the team and the machine say. SaveResult for post as they are. */
export type ResolvedInputs = Omit<CacheInputs, 'bounds' | 'remote'> & {
  remote: NonNullable<CacheInputs['remote']>;
  bounds: ResolvedBounds;
};

/** Who said where the store is; `undefined`: nobody, and it is a folder of the runner's. */
export type RootFrom = 'input' | 'configuration' | 'machine' | undefined;

/** Where the store is, if anyone said so, and how large it may be. */
export interface StoreSettings {
  root: string | undefined;
  rootFrom: RootFrom;
  bounds: ResolvedBounds;
}

interface ResolvedSettings extends Omit<StoreSettings, 'bounds'> {
  inputs: ResolvedInputs;
}

/** What of a step a policy has a say in. */
type StepForPolicy = Pick<Step, 'inputs' | 'job' | 'log' | 'annotate'>;

/** The inputs, else the team's configuration, within the machine's policy. */
export async function resolveInputs(step: Step): Promise<ResolvedSettings> {
  // The inputs first: what is wrong there needs no network to be told.
  const given = readInputs(step.inputs);
  if (readSharedKey(step.inputs) !== undefined && given.shared === undefined)
    step.annotate('warning', "Input 'shared-key' does nothing without 'shared'.");
  const { cache: team = {} } = (await configFor(step)).config;
  const { bounds, ...root } = await resolveStoreSettings(
    step,
    given.root,
    mergeBounds(given.bounds, team),
    team.root,
  );
  return { inputs: { ...given, remote: given.remote ?? team.remote ?? 'auto', bounds }, ...root };
}

/** For the store's own command, which no configuration governs: the machine's owner calls it. */
export async function resolveCommandSettings(
  step: StepForPolicy,
  { root, bounds }: { root: string | undefined; bounds: BoundsInputs },
): Promise<StoreSettings> {
  return resolveStoreSettings(step, root, mergeBounds(bounds), undefined);
}

/** For the root: input, RUNNER_ACTIONS_CACHE, the machine's policy, configuration. */
async function resolveStoreSettings(
  step: StepForPolicy,
  given: string | undefined,
  wanted: StoreBounds,
  team: string | undefined,
): Promise<StoreSettings> {
  const answer = await policyFor(step);
  const policy = answer?.policy.cache;
  const mine = given ?? (step.job.environment['RUNNER_ACTIONS_CACHE'] || undefined);
  if (mine === undefined && policy?.root !== undefined)
    step.log.info(`${answer?.path} says where the store is: ${policy.root}.`);
  const { bounds, limits } = limitBounds(wanted, policy);
  for (const limit of limits) step.log.info(`${answer?.path} limits ${limit}.`);
  const machine = mine ?? policy?.root;
  return { root: machine ?? team, rootFrom: fromOf(given, machine, team), bounds };
}

function fromOf(given: string | undefined, machine: string | undefined, team: string | undefined): RootFrom {
  if (given !== undefined) return 'input';
  if (machine !== undefined) return 'machine';
  return team === undefined ? undefined : 'configuration';
}
