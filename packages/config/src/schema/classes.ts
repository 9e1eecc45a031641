import * as v from 'valibot';
import { mapOf } from './map-of.ts';
import { amount, described, integer, name, nonEmptyText, share, size, textLike } from './values.ts';

const jobClass = v.strictObject({
  pools: v.optional(
    described(
      v.pipe(v.array(nonEmptyText, 'a list of names of pools'), v.minLength(1, 'a list that is not empty')),
      'Pools for jobs of this class, in order of preference. Default: all pools',
    ),
  ),
  cpus: v.optional(described(amount('a number of CPUs', 4096), 'CPUs that a job of this class needs')),
  memory: v.optional(described(size, 'Memory that a job of this class needs')),
  'max-per-host': v.optional(
    described(integer(1, 1000), 'How many jobs of this class one machine should run at the same time'),
  ),
  rollout: v.optional(
    described(
      textLike('a share such as 25%, or the name of a rollout', /\S/),
      'Share of jobs of this class that move away from hosted runners: a share such as `25%`, or a name from `rollout`',
    ),
  ),
});

export const classes = mapOf(name, described(jobClass, 'A job class'));
export const rollout = mapOf(name, described(share, 'Share of jobs that move away from hosted runners'));
