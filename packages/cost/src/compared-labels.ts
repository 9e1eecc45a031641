import { labelsAndGroupOf, type RunsOnValue } from '@runner-actions/config';

/** The hosted runner that a job of an own machine is compared with if the configuration names none. */
export const defaultFallback = 'ubuntu-latest';

/**
 * Returns the labels of the hosted runner that would have run a job of an own machine: those of the configured
 * fallback. `fail` and `skip` run nothing, so the default counts. A group without labels gives none, and no price.
 * @param fallback the key `fallback` of the configuration
 */
export function comparedLabels(fallback: RunsOnValue | undefined): readonly string[] {
  if (fallback === undefined || fallback === 'fail' || fallback === 'skip') return [defaultFallback];
  return labelsAndGroupOf(fallback).labels;
}
