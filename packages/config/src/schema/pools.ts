import * as v from 'valibot';
import { mapOf } from './map-of.ts';
import {
  amount,
  described,
  duration,
  httpUrl,
  integer,
  name,
  nonEmptyText,
  oneOrMore,
  textLike,
} from './values.ts';

/**
 * A label. Runners cannot have labels with commas, and expressions are not evaluated here, so such a label would
 * never match.
 */
const label = textLike(
  'a label that is not empty, without commas and expressions',
  /^(?!\s*$)(?!.*\$\{\{)[^,]+$/,
);

/** A label on its own. If a space follows a label that every runner has, it was meant as a list. */
const singleLabel = textLike(
  'a label without commas and expressions; a list has brackets: [self-hosted, linux]',
  /^(?!\s*$)(?!.*\$\{\{)(?!(?:[Ss]elf-[Hh]osted|[Ll]inux|[Ww]indows|mac[Oo][Ss]|[Xx]64|[Aa][Rr][Mm](?:64)?)\s)[^,]+$/,
);

/** The schema of `runs-on`: a label, a list of labels, or a group. */
export const runsOn = v.union(
  [
    singleLabel,
    v.pipe(v.array(label), v.minLength(1, 'a list of labels that is not empty')),
    v.strictObject({
      group: nonEmptyText,
      labels: v.optional(oneOrMore(label, 'a label or a list of labels')),
    }),
  ],
  'a label without commas and expressions, a list of labels such as [self-hosted, linux], or {group, labels}',
);

const heartbeat = v.strictObject({
  workflow: described(
    textLike("the name of a workflow's file, such as heartbeat.yml", /^[^/\s]+\.ya?ml$/),
    'File name of the heartbeat workflow in `.github/workflows`',
  ),
  every: described(duration, 'How often the heartbeat workflow runs'),
  'max-age': described(
    duration,
    'Maximum age of the last successful heartbeat. Must be at least twice `every`',
  ),
});

/** What a machine draws and cost. Its wear is the price, spread over the years. */
const power = v.pipe(
  v.strictObject({
    watts: described(amount('a number of watts', 100_000), 'Average draw of the machine while it is on'),
    'price-per-kwh': described(amount('a price of a kilowatt-hour', 1_000), 'Price of a kilowatt-hour'),
    purchase: v.optional(
      described(
        amount('a price', 100_000_000),
        'Price of the machine. Needs `years`. Default: wear is not counted',
      ),
    ),
    years: v.optional(
      described(amount('a number of years', 100), 'Years over which the machine wears out. Needs `purchase`'),
    ),
  }),
  v.check(
    ({ purchase, years }) => (purchase === undefined) === (years === undefined) && years !== 0,
    'purchase and years together, with years above 0, or none of them',
  ),
);

/** One pool of runners. */
export const pool = v.strictObject({
  'runs-on': described(runsOn, 'Value of `runs-on` for jobs in this pool'),
  kind: v.optional(
    described(
      v.picklist(['runners', 'scale-set', 'autoscaled', 'hosted']),
      '`runners`: your own machines. `scale-set`: an ARC scale set, which can be available although GitHub lists no runners. `autoscaled`: any other pool whose runners start when jobs come, or wake up for them. `hosted`: GitHub-hosted runners',
    ),
    'runners',
  ),
  'when-busy': v.optional(
    described(
      v.picklist(['fallback', 'queue', 'wait']),
      '`fallback`: at least `min-free` runners must be free. `queue`: one online runner is enough. `wait`: like `fallback`, but poll for up to `wait` first',
    ),
  ),
  'min-free': v.optional(described(integer(1, 10_000), 'How many runners must be free')),
  wait: v.optional(described(duration, 'How long to poll for a free runner, with `when-busy: wait`')),
  'on-unknown': v.optional(
    described(
      v.picklist(['fallback', 'use']),
      'What to do when the state of the pool is unknown. `fallback`: try the next pool. `use`: use this pool',
    ),
  ),
  'cost-per-hour': v.optional(
    described(amount('a cost per hour', 100_000), 'Cost of one runner per hour, in `metrics.currency`'),
  ),
  power: v.optional(
    described(
      power,
      'What a machine of this pool draws and cost. Without effect if there is a `cost-per-hour`. Amounts in `metrics.currency`',
    ),
  ),
  heartbeat: v.optional(
    described(heartbeat, 'Scheduled workflow that runs on the pool and proves that it is alive'),
  ),
  'max-runners': v.optional(
    described(integer(1, 100_000), 'Maximum number of runners that a scale set or an autoscaled pool starts'),
  ),
  'metrics-url': v.optional(
    described(
      httpUrl,
      "URL of the metrics of the scale set's listener. The machine that runs the selection must be able to reach it",
    ),
  ),
  'metrics-token-env': v.optional(
    described(
      textLike('the name of an environment variable', /^[A-Za-z_][A-Za-z0-9_]*$/),
      'Name of the environment variable with the bearer token for `metrics-url`. It must begin with `RUNNER_ACTIONS_SECRET_`',
    ),
  ),
});

export const pools = mapOf(name, described(pool, 'A pool of runners'));
export const poolOrder = v.array(nonEmptyText, 'a list of names of pools');
