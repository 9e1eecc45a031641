import * as v from 'valibot';
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

/** No runner has a label with a comma, and nothing evaluates expressions here: such a pool would never be found. */
const label = textLike(
  'a label that is not empty, without commas and expressions',
  /^(?!\s*$)(?!.*\$\{\{)[^,]+$/,
);

/** What `runs-on` takes: a label, a list of labels, or a group. */
export const runsOn = v.union(
  [
    label,
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
    "File name of the pool's heartbeat workflow in `.github/workflows`",
  ),
  every: described(duration, 'How often that workflow runs'),
  'max-age': described(
    duration,
    'How old its last success may be, that age included; at least twice `every`',
  ),
});

/** One pool of runners. */
export const pool = v.strictObject({
  'runs-on': described(runsOn, 'What jobs of this pool get as `runs-on`'),
  kind: v.optional(
    described(
      v.picklist(['runners', 'scale-set', 'hosted']),
      "`runners`: machines of one's own. `scale-set`: ARC, of which an empty list of runners says nothing. `hosted`: GitHub's",
    ),
    'runners',
  ),
  'when-busy': v.optional(
    described(
      v.picklist(['fallback', 'queue', 'wait']),
      '`fallback`: at least `min-free` runners must be free. `queue`: any online one will do. `wait`: as `fallback`, after polling for up to `wait`',
    ),
  ),
  'min-free': v.optional(described(integer(1, 10_000), 'How many runners must be free')),
  wait: v.optional(described(duration, 'How long to wait for a free runner, with `when-busy: wait`')),
  'on-unknown': v.optional(
    described(
      v.picklist(['fallback', 'use']),
      '`fallback` goes on to the next pool, `use` takes this one, when nothing could be found out about it',
    ),
  ),
  'cost-per-hour': v.optional(
    described(amount('a cost per hour', 100_000), 'What an hour of one runner costs, in `metrics.currency`'),
  ),
  heartbeat: v.optional(described(heartbeat, 'A scheduled workflow on the pool that proves it alive')),
  'max-runners': v.optional(described(integer(1, 100_000), 'How many runners the scale set may have')),
  'metrics-url': v.optional(
    described(httpUrl, "The metrics of the scale set's listener; reached from where the selector runs"),
  ),
  'metrics-token-env': v.optional(
    described(
      textLike('the name of an environment variable', /^[A-Za-z_][A-Za-z0-9_]*$/),
      'The environment variable that holds the bearer token for `metrics-url`; its name begins with `RUNNER_ACTIONS_SECRET_`',
    ),
  ),
});

export const pools = v.record(name, described(pool, 'One pool of runners'));
export const poolOrder = v.array(nonEmptyText, 'a list of names of pools');
