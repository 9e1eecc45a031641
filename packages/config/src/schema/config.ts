import * as v from 'valibot';
import { mapOf } from './map-of.ts';
import { breaker } from './breaker.ts';
import { classes, rollout } from './classes.ts';
import { fleet } from './fleet.ts';
import { layerOf } from './layer.ts';
import { cache, cleanup, metrics, requirements } from './machine.ts';
import { poolOrder, pools, runsOn } from './pools.ts';
import { trustEntry } from './trust.ts';
import { described, name, nonEmptyText, oneOrMore } from './values.ts';

const trust = oneOrMore(trustEntry, 'same-repository, or a list of author associations such as MEMBER');

/** The sections. Environments may override each of them. */
const sections = {
  pools: v.optional(
    described(
      pools,
      'Pools of runners, in order of preference. The output `pool` and the input `force` use their names',
    ),
  ),
  'pool-order': v.optional(
    described(
      poolOrder,
      'Order of preference. Pools that it does not list come last. Default: the order of the base file, then the pools that other files add',
    ),
  ),
  classes: v.optional(described(classes, 'Job classes. The input `class` selects one')),
  fallback: v.optional(
    described(runsOn, 'What to run on when no pool can be used: labels, `fail` or `skip`'),
  ),
  rollout: v.optional(
    described(rollout, 'Named shares for a gradual migration. A hash decides which jobs move'),
  ),
  trust: v.optional(
    described(
      trust,
      'Who may use self-hosted runners. `permission:…`: authors with this access. `label:NAME`: the run that adding it starts',
    ),
  ),
  breaker: v.optional(described(breaker, 'Circuit breaker: when to stop using a pool that is failing')),
  requirements: v.optional(requirements),
  cache: v.optional(described(cache, 'The cache store on the machine')),
  metrics: v.optional(described(metrics, 'How jobs are measured')),
  cleanup: v.optional(described(cleanup, 'What to clean up and what to keep')),
  fleet: v.optional(described(fleet, 'The fleet as a whole: where and when incidents are told')),
};

/** The schema of the effective configuration: all files merged, the environment and all deletions applied. */
export const configSchema = v.strictObject(sections);

/**
 * The effective configuration. `undefined` means not set. Durations in milliseconds, sizes in bytes, shares from 0 to
 * 1.
 */
export type Config = v.InferOutput<typeof configSchema>;

const layer = layerOf(configSchema) as v.StrictObjectSchema<Record<string, v.GenericSchema>, undefined>;

/** Limit, because the check resolves the whole configuration once for each environment. */
const mostEnvironments = 100;

/** The schema of one file: every key may be missing, and `null` deletes the value of a base file. */
export const fileSchema = v.strictObject({
  version: v.optional(
    described(v.literal(1, 'the number 1, the version of the format'), 'Version of the file format'),
    1,
  ),
  extends: v.optional(
    described(
      oneOrMore(nonEmptyText, 'a file, or a list of files'),
      'Files that this file builds on: `./base.yml` or `owner/repo:path@ref`. Later files override earlier ones',
    ),
  ),
  ...layer.entries,
  environments: v.optional(
    described(
      v.nullable(
        v.pipe(
          mapOf(name, v.nullable(layer)),
          v.maxEntries(mostEnvironments, `at most ${mostEnvironments} environments`),
        ),
      ),
      'Overrides for an environment. The input `environment` selects one; without it, the variable RUNNER_ACTIONS_ENVIRONMENT does',
    ),
  ),
});
