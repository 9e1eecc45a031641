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

/** What is kept on the machine. */
export const cache = v.strictObject({
  root: v.optional(
    described(
      textLike('an absolute path', /^(\/|[A-Za-z]:[\\/])/),
      'The store on the machine, shared by all agents that use it',
    ),
  ),
  remote: v.optional(
    described(
      v.picklist(['auto', 'off', 'only']),
      "`auto`: GitHub's cache on a local miss. `off`: never. `only`: nothing but GitHub's cache",
    ),
  ),
  'max-size': v.optional(described(sizeOrShare, 'How large the store may grow')),
  'max-age': v.optional(described(duration, 'How long an entry that nobody uses is kept')),
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
  interval: v.optional(described(interval, 'How long between two samples')),
  charts: v.optional(
    described(v.picklist(['auto', 'mermaid', 'text', 'none']), 'How the summary draws the series'),
  ),
  pushgateway: v.optional(described(httpUrl, 'The Prometheus Pushgateway that the figures go to')),
  currency: v.optional(
    described(
      textLike('a currency of three letters, such as USD', /^[A-Z]{3}$/),
      'The currency of all costs',
    ),
  ),
});

const glob = textLike(
  "a glob relative to the workspace, without '..'",
  /^(?!!?\/)(?!.*(^|\/)\.\.(\/|$))(?=.*\S)/,
);

/** What is cleaned when a job ends, and what is kept. */
export const cleanup = v.strictObject({
  'disk-high': v.optional(described(share, 'The share of the disk in use above which more is freed')),
  'disk-low': v.optional(described(share, 'The share of the disk in use at which that stops')),
  keep: v.optional(
    described(v.array(glob, 'a list of globs'), 'Globs of what stays in the workspace, `!` for exceptions'),
  ),
  budget: v.optional(described(duration, 'How long a clean-up may take')),
});

export const requirements = described(
  nonEmptyText,
  'The manifest of what jobs need on a machine; relative to this file',
);
