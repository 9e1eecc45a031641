import { configFor, readPolicy, reject } from '@runner-actions/config';
import type { Step } from '@runner-actions/core';
import { limitBounds, type SettledBounds } from './bounds.ts';
import { type CacheInputs, readInputs } from './inputs.ts';

/** The inputs, with the machine's bounds beside the team's. */
export type SettledInputs = Omit<CacheInputs, 'bounds'> & { bounds: SettledBounds };

export interface Settled {
  inputs: SettledInputs;
  /** Where the store is, if anyone said so. */
  root: string | undefined;
}

/** The inputs, else the team's configuration; for the root: input, RUNNER_ACTIONS_CACHE, the machine's policy, configuration. */
export async function settle(step: Step): Promise<Settled> {
  // The inputs first: what is wrong there needs no network to be told.
  readInputs(step.inputs);
  const { config } = await configFor(step);
  const inputs = readInputs(step.inputs, config.cache);
  const answer = await readPolicy();
  if (answer.kind === 'wrong') throw reject(step, answer.problems);
  const policy = answer.kind === 'read' ? answer.policy.cache : undefined;
  const mine = inputs.root ?? (step.job.environment['RUNNER_ACTIONS_CACHE'] || undefined);
  const root = mine ?? policy?.root ?? config.cache?.root;
  if (answer.kind === 'read' && mine === undefined && policy?.root !== undefined)
    step.log.info(`${answer.path} says where the store is: ${policy.root}.`);
  const { bounds, limits } = limitBounds(inputs.bounds, policy);
  for (const name of limits) step.log.info(`The machine's policy limits '${name}'.`);
  return { inputs: { ...inputs, bounds }, root };
}
