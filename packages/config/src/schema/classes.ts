import * as v from 'valibot';
import { amount, described, integer, name, nonEmptyText, share, size, textLike } from './values.ts';

const jobClass = v.strictObject({
  pools: v.optional(
    described(
      v.pipe(v.array(nonEmptyText, 'a list of names of pools'), v.minLength(1, 'a list that is not empty')),
      'The pools for these jobs, in order of preference; default: all pools',
    ),
  ),
  cpus: v.optional(described(amount('a number of CPUs', 4096), 'CPUs that such a job needs')),
  memory: v.optional(described(size, 'Memory that such a job needs')),
  'max-per-host': v.optional(
    described(integer(1, 1000), 'How many such jobs one machine should run at once'),
  ),
  rollout: v.optional(
    described(
      textLike('a share such as 25%, or the name of a rollout', /\S/),
      'The share of such jobs that leaves hosted runners: a share, or a name under `rollout`',
    ),
  ),
});

export const classes = v.record(name, described(jobClass, 'One kind of jobs'));
export const rollout = v.record(name, described(share, 'The share of jobs that leaves hosted runners'));
