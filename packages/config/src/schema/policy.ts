import * as v from 'valibot';
import type { Config } from './config.ts';
import { reclaimNames } from '../reclaim.ts';
import { cache, cleanup, metrics } from './machine.ts';
import { described, duration, httpUrl, textLike } from './values.ts';

const { keep, 'disk-high': diskHigh, 'disk-low': diskLow } = cleanup.entries;
const flag = (description: string) => v.optional(described(v.boolean('true or false'), description));

const { interval } = metrics.entries;
const { root, 'max-size': maxSize, 'max-age': maxAge, 'min-free': minFree } = cache.entries;

/** An absolute path without glob characters. Paths are used literally, so a glob would protect nothing. */
const protectedPath = v.pipe(
  textLike('an absolute path', /^(\/|[A-Za-z]:[\\/])/),
  v.check(
    (path) => !/[*?[{]/.test(path),
    "a path without '*', '?', '[' and '{', since globs do not count here; name each path, or the folder that holds them",
  ),
);

/** How the hooks measure each job. An empty map measures, and writes what the job used to its log only. */
const hookMetrics = v.strictObject({
  interval,
  'textfile-directory': v.optional(
    described(
      textLike('an absolute path', /^(\/|[A-Za-z]:[\\/])/),
      'Folder of the textfile collector of node_exporter, which gets one file for each runner',
    ),
  ),
  pushgateway: v.optional(described(httpUrl, 'URL of the Pushgateway that gets the figures of each job')),
});

/** The schema of a machine's policy file. Its keys have the same meaning as in the configuration. */
export const policySchema = v.strictObject({
  version: v.optional(v.literal(1, 'the number 1, the version of the format'), 1),
  cache: v.optional(v.strictObject({ root, 'max-size': maxSize, 'max-age': maxAge, 'min-free': minFree })),
  cleanup: v.optional(
    v.strictObject({
      protect: v.optional(
        described(
          v.array(protectedPath, 'a list of absolute paths'),
          'Absolute paths on this machine that no clean-up removes',
        ),
      ),
      budget: v.optional(described(duration, 'Maximum duration of a clean-up')),
      keep,
      processes: flag('Whether a clean-up may end processes that jobs left behind'),
      containers: v.optional(
        described(
          v.picklist(['owned', 'off'], "'owned' or 'off'"),
          'Whether a clean-up may remove containers that jobs left behind',
        ),
      ),
      'disk-high': diskHigh,
      'disk-low': diskLow,
      'max-age': v.optional(described(duration, 'Least age of what is freed by age when a disk is low')),
      sudo: flag('Whether a clean-up may remove files of other users from the trash by `sudo -n`'),
      strict: flag('Whether the hook fails the job when something of it could not be removed'),
    }),
  ),
  hooks: v.optional(
    v.strictObject({
      manifest: v.optional(
        described(
          textLike('an absolute path', /^(\/|[A-Za-z]:[\\/])/),
          'Manifest on this machine that the hook for the start of a job checks the machine against',
        ),
      ),
      'on-unmet': v.optional(
        described(
          v.picklist(['warn', 'fail'], "'warn' or 'fail'"),
          'Whether a requirement that is not met fails the job, or is a warning',
        ),
      ),
    }),
  ),
  metrics: v.optional(
    described(
      v.union([v.literal('off'), hookMetrics], "'off', or a map of keys such as interval"),
      'Whether the hooks measure each job of this machine. Without this key, or with `off`, they do not',
    ),
  ),
  reclaim: v.optional(
    described(
      v.array(v.picklist(reclaimNames, `one of ${reclaimNames.join(', ')}`), 'a list'),
      'What a clean-up may free when a disk is low',
    ),
  ),
  install: v.optional(
    described(
      v.picklist(['allowed', 'forbidden'], "'allowed' or 'forbidden'"),
      'Whether jobs may install what the machine lacks',
    ),
  ),
});

export type Policy = v.InferOutput<typeof policySchema>;

/** Sections of the configuration that a policy must not contain: they take effect before a job reaches the machine. */
const undecidable = [
  'trust',
  'pools',
  'pool-order',
  'fallback',
  'rollout',
  'breaker',
] satisfies (keyof Config)[];
export const notForPolicies: readonly string[] = undecidable;
