import { UserError } from '@runner-actions/core';
import type { ValidateInputs } from './inputs.ts';
import type { Finding } from './kinds/kind.ts';
import type { Requirement } from '@runner-actions/manifest';

/** The possible results of the whole check. */
export const outcomes = ['pass', 'warn', 'fail', 'error'] as const;
export const statuses = [...outcomes, 'skip'] as const;
export type Status = (typeof statuses)[number];

export interface Result extends Omit<Finding, 'status'> {
  requirement: Requirement;
  status: Status;
  /** Whether nobody knows whether a requirement with the status `warn` is met. */
  isUnknown?: boolean;
}

export interface Tally {
  status: (typeof outcomes)[number];
  counts: Record<Status, number>;
  /** Names of the requirements that are not met. Those with an error are not among them: nobody knows. */
  missing: string[];
}

export function tallyResults(results: readonly Result[]): Tally {
  const count = (status: Status) => [status, results.filter((one) => one.status === status).length] as const;
  const counts = Object.fromEntries(statuses.map(count)) as Tally['counts'];
  const status = counts.fail > 0 ? 'fail' : counts.error > 0 ? 'error' : counts.warn > 0 ? 'warn' : 'pass';
  const unmet = results.filter(
    ({ status, isUnknown }) => status === 'fail' || (status === 'warn' && !isUnknown),
  );
  return { status, counts, missing: unmet.map(({ requirement }) => requirement.name) };
}

/** Returns the tally of a check that failed with an internal error: nothing is known. */
export function brokenTally(): Tally {
  return { status: 'error', counts: { ...tallyResults([]).counts, error: 1 }, missing: [] };
}

/**
 * Fails the step if requirements are not met. A plan is the answer to a question, whatever it says.
 * @throws UserError if `on-failure` is `fail`
 */
export function failIfUnmet(
  { onFailure, mode }: Pick<ValidateInputs, 'onFailure' | 'mode'>,
  { counts }: Tally,
): void {
  if (counts.fail + counts.error === 0 || onFailure !== 'fail' || mode === 'plan') return;
  const all = statuses.reduce((sum, status) => sum + counts[status], 0);
  const unmet = counts.fail === 0 ? [] : [`${counts.fail} of ${all} requirements are not met`];
  const unknown = counts.error === 0 ? [] : [`${counts.error} of ${all} could not be checked`];
  throw new UserError(`${[...unmet, ...unknown].join(', and ')}.`);
}
