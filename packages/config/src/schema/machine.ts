import * as v from 'valibot';
import { InvalidValue, parseDuration } from '@runner-actions/core';
import {
  described,
  duration,
  httpUrl,
  nonEmptyText,
  share,
  sizeOrShare,
  textLike,
  written,
} from './values.ts';

/** The cache store on the machine. */
export const cache = v.strictObject({
  root: v.optional(
    described(
      textLike('an absolute path', /^(\/|[A-Za-z]:[\\/])/),
      'Absolute path of the store on the machine. All agents that use this path share the store',
    ),
  ),
  remote: v.optional(
    described(
      v.picklist(['auto', 'off', 'only']),
      "`auto`: use GitHub's cache after a local miss. `off`: never use GitHub's cache. `only`: use nothing but GitHub's cache",
    ),
  ),
  'max-size': v.optional(described(sizeOrShare, 'Maximum size of the store')),
  'max-age': v.optional(described(duration, 'How long an unused entry is kept')),
  'min-free': v.optional(described(sizeOrShare, 'How much of the disk the store leaves free')),
});

const interval = written('a duration from 500ms to 10m', parseInterval, {
  type: 'string',
  pattern: '^(\\d+(\\.\\d+)?(ms|s|m))+$',
  examples: ['2s'],
});

function parseInterval(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds >= 500 && milliseconds <= 600_000) return milliseconds;
  throw new InvalidValue(text, 'a duration from 500ms to 10m');
}

/** How jobs are measured. */
export const metrics = v.strictObject({
  interval: v.optional(described(interval, 'Time between two samples')),
  charts: v.optional(
    described(v.picklist(['auto', 'mermaid', 'text', 'none']), 'How the summary draws the samples'),
  ),
  pushgateway: v.optional(
    described(httpUrl, 'URL of the Prometheus Pushgateway that receives the figures of jobs'),
  ),
  currency: v.optional(
    described(
      textLike('a currency of three letters, such as USD', /^[A-Z]{3}$/),
      'Currency of all costs, such as `EUR`',
    ),
  ),
});

const glob = textLike(
  "a glob relative to the workspace, without '..' and braces",
  /^(?!!?\/)(?!.*(^|\/)\.\.(\/|$))(?!\{)(?!.*[^[]\{)(?=.*\S)/,
);

/** The clean-up at the end of a job. */
export const cleanup = v.strictObject({
  'disk-high': v.optional(
    described(share, 'Share of a disk in use, by bytes or inodes, above which more is freed. Default 85%'),
  ),
  'disk-low': v.optional(described(share, 'Share of a disk in use at which freeing stops. Default 75%')),
  keep: v.optional(
    described(
      v.array(glob, 'a list of globs'),
      'Globs of what to keep in the workspace. `!` marks an exception',
    ),
  ),
  budget: v.optional(described(duration, 'Maximum duration of a clean-up')),
});

export const requirements = described(
  nonEmptyText,
  'Path of the manifest that lists what jobs need on a machine, relative to this file',
);
