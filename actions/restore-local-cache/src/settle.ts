import { configFor, readPolicy, reject } from '@runner-actions/config';
import type { Step } from '@runner-actions/core';
import { type CacheInputs, readInputs } from './inputs.ts';

export interface Settled {
  inputs: Readonly<CacheInputs>;
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
  for (const key of ['max-size', 'max-age', 'min-free'] as const)
    if ((config.cache?.[key] ?? policy?.[key]) !== undefined)
      step.log.info(`'cache.${key}' has no effect in this version.`);
  const mine = inputs.root ?? (step.job.environment['RUNNER_ACTIONS_CACHE'] || undefined);
  const root = mine ?? policy?.root ?? config.cache?.root;
  if (answer.kind === 'read' && mine === undefined && policy?.root !== undefined)
    step.log.info(`${answer.path} says where the store is: ${policy.root}.`);
  return { inputs, root };
}
