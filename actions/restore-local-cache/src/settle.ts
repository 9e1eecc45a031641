import { configFor, policyFor } from '@runner-actions/config';
import type { Step } from '@runner-actions/core';
import { limitBounds, type SettledBounds } from './bounds.ts';
import { type CacheInputs, readBounds, readInputs, readSharedKey, type StoreBounds } from './inputs.ts';
import type { RootFrom } from './store-root.ts';

/** The inputs, with the machine's bounds beside the team's. */
export type SettledInputs = Omit<CacheInputs, 'bounds'> & { bounds: SettledBounds };

export interface Settled {
  inputs: SettledInputs;
  /** Where the store is, if anyone said so. */
  root: string | undefined;
  rootFrom: RootFrom;
}

/** Where the store is, and how large it may be. */
export interface SettledStore {
  root: string | undefined;
  rootFrom: RootFrom;
  bounds: SettledBounds;
}

/** What of a step a policy has a say in. */
export type Settling = Pick<Step, 'inputs' | 'job' | 'log' | 'annotate'>;

/** The inputs, else the team's configuration. */
export async function settle(step: Step): Promise<Settled> {
  // The inputs first: what is wrong there needs no network to be told.
  const { shared } = readInputs(step.inputs);
  if (readSharedKey(step.inputs) !== undefined && shared === undefined)
    step.annotate('warning', "Input 'shared-key' does nothing without 'shared'.");
  const { config } = await configFor(step);
  const inputs = readInputs(step.inputs, config.cache);
  const { bounds, ...root } = await settleStore(step, inputs.root, inputs.bounds, config.cache?.root);
  return { inputs: { ...inputs, bounds }, ...root };
}

/** For the store's own command, which no configuration governs: the machine's owner calls it. */
export async function settleCommand(step: Settling, root: string | undefined): Promise<SettledStore> {
  return settleStore(step, root, readBounds(step.inputs), undefined);
}

/** For the root: input, RUNNER_ACTIONS_CACHE, the machine's policy, configuration. */
async function settleStore(
  step: Settling,
  given: string | undefined,
  wanted: StoreBounds,
  team: string | undefined,
): Promise<SettledStore> {
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
