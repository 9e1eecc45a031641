import * as v from 'valibot';
import { InvalidValue, parseDuration } from '@runner-actions/core';
import { described, httpUrl, textLike, written } from './values.ts';

/** A time of the day. The result is in minutes since midnight. */
const clockTime = written("a time such as '22:00'", parseClock, {
  type: 'string',
  pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
  examples: ['22:00'],
});

function parseClock(text: string): number {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hours === undefined) throw new InvalidValue(text, 'a time');
  return Number(hours) * 60 + Number(minutes);
}

/** A time zone. Node knows those of the IANA database. */
const zone = written(
  'a time zone such as Europe/Berlin or UTC',
  (text) => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
    } catch {
      throw new InvalidValue(text, 'a time zone');
    }
  },
  { type: 'string', examples: ['Europe/Berlin'] },
);

/** A duration, or `0` for none. The result is in milliseconds. */
const durationOrNone = written(
  'a duration such as 30m or 7d, or 0',
  (text) => (text === '0' ? 0 : parseDuration(text)),
  { type: ['string', 'number'], pattern: '^((\\d+(\\.\\d+)?(ms|s|m|h|d))+|0)$', examples: ['30m', '7d'] },
);

/** The name of a variable. Whether its start is allowed is checked with the file that it comes from. */
const secretName = textLike('the name of an environment variable', /^[A-Za-z_]\w{0,199}$/);

/** GitHub's list of issues takes labels with commas between them. */
const label = textLike('a label of at most 50 characters, without a comma', /^(?=.*\S)[^,]{1,50}$/);

const alerts = v.strictObject({
  issues: v.optional(
    described(
      v.boolean(),
      'Whether an issue tells an incident. The token needs `issues: write`. Default true',
    ),
  ),
  labels: v.optional(
    described(
      v.pipe(v.array(label, 'a list of labels'), v.minLength(1, 'a list of labels that is not empty')),
      'Labels of the issues. The first one finds them again. Default `runner-actions-fleet`',
    ),
  ),
  webhook: v.optional(
    described(
      secretName,
      'Environment variable that holds the address of the webhook. Its name begins with `RUNNER_ACTIONS_SECRET_`',
    ),
  ),
  'signing-key': v.optional(
    described(
      secretName,
      'Environment variable that holds the key that signs what the webhook gets. Its name begins with `RUNNER_ACTIONS_SECRET_`',
    ),
  ),
  alertmanager: v.optional(described(httpUrl, 'URL of the Prometheus Alertmanager')),
  after: v.optional(
    described(durationOrNone, 'How long an incident must last before it is told. Default 30m'),
  ),
  'reopen-within': v.optional(
    described(
      durationOrNone,
      'How long after its end an incident that comes back opens its old issue again. `0`: always a new issue. Default 7d',
    ),
  ),
  'public-names': v.optional(
    described(v.boolean(), 'Whether issues of public repositories name machines. Default false'),
  ),
});

const quietHours = v.strictObject({
  from: described(clockTime, 'When they begin'),
  to: described(clockTime, 'When they end. If it is before `from`, on the next day'),
  zone: v.optional(described(zone, 'Time zone of both times. Default UTC'), 'UTC'),
});

/** The fleet of machines as a whole. */
export const fleet = v.strictObject({
  'quiet-hours': v.optional(
    described(quietHours, 'Hours in which messages wait, except those about a critical incident'),
  ),
  alerts: v.optional(described(alerts, 'Where incidents are told, and when')),
});
