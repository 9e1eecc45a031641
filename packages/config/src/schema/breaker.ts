import * as v from 'valibot';
import { InvalidValue, parseDuration, parseInteger } from '@runner-actions/core';
import { described, duration, integer, share, written } from './values.ts';

/**
 * `3/15m/30m`: after `count` failures within `window`, the breaker opens for the time `open`. Times in milliseconds.
 */
export interface FailureRule {
  count: number;
  window: number;
  open: number;
}

const failuresText = 'count/window/open time, such as 3/15m/30m';

function parseFailures(text: string): FailureRule {
  const [count = '', window = '', open = '', ...rest] = text.split('/');
  if (rest.length > 0 || open === '') throw new InvalidValue(text, failuresText);
  const rule = {
    count: parseInteger(count, { min: 1, max: 1000 }),
    window: parseDuration(window),
    open: parseDuration(open),
  };
  if (rule.window === 0 || rule.open === 0) throw new InvalidValue(text, failuresText);
  return rule;
}

function parseFactor(text: string): number {
  const factor = /^\d+(\.\d+)?x$/.test(text) ? Number.parseFloat(text) : 0;
  if (factor > 1) return factor;
  throw new InvalidValue(text, 'a factor');
}

/** Rules that take a pool out of use for a while. They count infrastructure failures, never failed tests. */
export const breaker = v.strictObject({
  failures: v.optional(
    described(
      written(failuresText, parseFailures, {
        type: 'string',
        pattern: '^\\d+/[^/]+/[^/]+$',
        examples: ['3/15m/30m'],
      }),
      '`count/window/open time`: this many infrastructure failures within the window open the breaker for the open time. Then one job probes the pool',
    ),
  ),
  'success-rate': v.optional(
    described(
      v.strictObject({
        below: described(
          share,
          'The breaker opens when the share of runs without an infrastructure failure is below this value',
        ),
        over: described(duration, 'Time window that the success rate covers'),
        'min-runs': v.optional(
          described(integer(1, 10_000), 'Minimum number of runs. With fewer runs, this rule does not apply'),
          10,
        ),
      }),
      'Opens the breaker when the success rate is too low',
    ),
  ),
  duration: v.optional(
    described(
      v.strictObject({
        above: described(
          written('a factor above 1, such as 2x', parseFactor, {
            type: 'string',
            pattern: '^\\d+(\\.\\d+)?x$',
          }),
          'A run is too slow when it takes longer than the baseline times this factor, such as `2x`',
        ),
        runs: v.optional(described(integer(1, 100), 'How many runs in a row must be too slow'), 3),
      }),
      'Opens the breaker when runs are too slow',
    ),
  ),
});
