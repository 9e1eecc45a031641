import { configFor, policyFor } from '@runner-actions/config';
import type { Step } from '@runner-actions/core';
import { limitBounds, type SettledBounds, type StoreBounds, wantedBounds } from './bounds.ts';
import { type CacheInputs, type GivenBounds, readInputs, readSharedKey } from '../inputs.ts';

/** The inputs, joined with what the team and the machine say. Saved for post as they are. */
export type SettledInputs = Omit<CacheInputs, 'bounds' | 'remote'> & {
  remote: NonNullable<CacheInputs['remote']>;
  bounds: SettledBounds;
};

/** Who said where the store is; `undefined`: nobody, and it is a folder of the runner's. */
export type RootFrom = 'input' | 'configuration' | 'machine' | undefined;

/** Where the store is, if anyone said so, and how large it may be. */
export interface SettledStore {
  root: string | undefined;
  rootFrom: RootFrom;
  bounds: SettledBounds;
}

interface Settled extends Omit<SettledStore, 'bounds'> {
  inputs: SettledInputs;
}

/** What of a step a policy has a say in. */
type Settling = Pick<Step, 'inputs' | 'job' | 'log' | 'annotate'>;

/** The inputs, else the team's configuration, within the machine's policy. */
export async function settle(step: Step): Promise<Settled> {
  // The inputs first: what is wrong there needs no network to be told.
  const given = readInputs(step.inputs);
  if (readSharedKey(step.inputs) !== undefined && given.shared === undefined)
    step.annotate('warning', "Input 'shared-key' does nothing without 'shared'.");
  const { cache: team = {} } = (await configFor(step)).config;
  const { bounds, ...root } = await settleStore(
    step,
    given.root,
    wantedBounds(given.bounds, team),
    team.root,
  );
  return { inputs: { ...given, remote: given.remote ?? team.remote ?? 'auto', bounds }, ...root };
}

/** For the store's own command, which no configuration governs: the machine's owner calls it. */
export async function settleCommand(
  step: Settling,
  { root, bounds }: { root: string | undefined; bounds: GivenBounds },
): Promise<SettledStore> {
  return settleStore(step, root, wantedBounds(bounds), undefined);
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
