import { hasLabels } from '@runner-actions/github';
import type { Config } from './schema/config.ts';

export type Pool = NonNullable<Config['pools']>[string] & { name: string };

/** Returns the pools in order of preference: first those in `pool-order`, then the others in the order of the files. */
export function orderedPools({ pools = {}, 'pool-order': order = [] }: Config): Pool[] {
  const names = [...new Set([...order, ...Object.keys(pools)])];
  return names.flatMap((name) => {
    const pool = pools[name];
    return pool === undefined ? [] : [{ ...pool, name }];
  });
}

/** A value of `runs-on`: a label, a list of labels, or a group. */
export type RunsOnValue = string | readonly string[] | { group: string; labels?: string | readonly string[] };

/** What a value of `runs-on` requests. */
export interface LabelsAndGroup {
  labels: readonly string[];
  group: string | undefined;
}

/** Returns the labels and the group that a value of `runs-on` requests. */
export function labelsAndGroupOf(runsOn: RunsOnValue): { labels: string[]; group: string | undefined } {
  if (typeof runsOn === 'object' && 'group' in runsOn)
    return { labels: [runsOn.labels ?? []].flat(), group: runsOn.group };
  return { labels: [runsOn].flat(), group: undefined };
}

/**
 * Whether every runner of `taker` can take a job that requests `wanted`. A job that names no group may go to runners of
 * any group. GitHub ignores upper and lower case.
 */
export function mayTakeJobsOf(taker: LabelsAndGroup, wanted: LabelsAndGroup): boolean {
  if (wanted.group !== undefined && wanted.group.toLowerCase() !== taker.group?.toLowerCase()) return false;
  return hasLabels(taker, wanted.labels);
}
