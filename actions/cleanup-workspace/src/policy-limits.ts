import type { Policy } from '@runner-actions/config';
import { formatDuration } from '@runner-actions/core';
import type { CleanInputs } from './inputs.ts';

/** Values that a machine's policy limits. */
type Limited = Pick<CleanInputs, 'processes' | 'containers' | 'maxAge' | 'reclaim'> & {
  budget: number;
  diskHigh: number;
  diskLow: number;
};

/**
 * Applies the limits of a machine's policy. A policy lets a job remove less, later and for a shorter time, never more.
 * @param path path of the policy
 * @returns the values, and a sentence for each limit that took effect
 */
export function limitByPolicy<T extends Limited>(
  given: T,
  { cleanup = {}, reclaim: allowed }: Policy,
  path: string,
): { inputs: T; limits: string[] } {
  const inputs = { ...given };
  const limits: string[] = [];
  const tell = (input: string, to: string, from: string): void => {
    limits.push(`${path} limits '${input}' to ${to}, from ${from}.`);
  };
  const { budget = Infinity, protect = [] } = cleanup;
  const { 'disk-high': diskHigh = 0, 'disk-low': diskLow = 0, 'max-age': maxAge = 0 } = cleanup;
  if (protect.length > 0) limits.push(`${path} protects ${protect.join(', ')}.`);
  if (budget < given.budget) {
    inputs.budget = budget;
    tell('budget', formatDuration(budget), formatDuration(given.budget));
  }
  if (cleanup.processes === false && given.processes) {
    inputs.processes = false;
    tell('processes', 'false', 'true');
  }
  if (cleanup.containers === 'off' && given.containers !== 'off') {
    inputs.containers = 'off';
    tell('containers', 'off', given.containers);
  }
  const refused =
    typeof given.reclaim === 'string'
      ? []
      : given.reclaim.filter((name) => allowed?.includes(name) === false);
  if (refused.length > 0) limits.push(`${path} does not allow to reclaim ${refused.join(', ')}.`);
  if (maxAge > given.maxAge) {
    inputs.maxAge = maxAge;
    tell('max-age', inDays(maxAge), inDays(given.maxAge));
  }
  if (diskHigh > given.diskHigh) {
    inputs.diskHigh = diskHigh;
    tell('disk-high', percent(diskHigh), percent(given.diskHigh));
  }
  if (diskLow > given.diskLow) {
    inputs.diskLow = Math.min(diskLow, inputs.diskHigh);
    tell('disk-low', percent(inputs.diskLow), percent(given.diskLow));
  }
  return { inputs, limits };
}

const inDays = (milliseconds: number): string => `${Number((milliseconds / 86_400_000).toFixed(2))}d`;

/** Formats a share, such as `85%`. */
export const percent = (share: number): string => `${Number((share * 100).toFixed(2))}%`;
