import type { Observation, Severity } from './incident.ts';
import type { Told } from './memory.ts';
import { type AlertPolicy, reminderInterval } from './policy.ts';
import { isQuiet } from './quiet-hours.ts';

/** What a look says about an incident, with all that a decision needs. */
export interface Look {
  observation: Observation;
  /** Looks in a row that found it gone, this one included. */
  goodLooks: number;
  /** Whether a broader incident is seen that covers this one. */
  isCovered: boolean;
  policy: AlertPolicy;
  /** Milliseconds since the epoch. */
  now: number;
}

export type Event = 'opened' | 'changed' | 'reminder' | 'closed' | 'reopened';

/** Why nothing is told. */
export type Silence =
  | 'told'
  | 'too-young'
  | 'quiet-hours'
  | 'covered'
  | 'unknown'
  | 'not-told-before'
  | 'needs-another-look'
  | 'muted'
  | 'list-incomplete'
  | 'list-unreadable'
  | 'too-many';

export type Decision = { tell: Event } | { tell: undefined; why: Silence };

/** What a channel was told last, as far as this decision needs it. */
export type LastTold = Pick<Told, 'state' | 'severity' | 'at'>;

/**
 * Decides what a channel is told about an incident. The same rule serves all channels.
 * @param told what the channel was told last; `undefined` if nothing
 */
export function decide(look: Look, told: LastTold | undefined): Decision {
  const { observation, goodLooks, policy, now } = look;
  const isOpen = told?.state === 'open';
  if (observation.state === 'unknown') return silence('unknown');
  if (observation.state === 'recovered') {
    if (!isOpen) return silence('not-told-before');
    if (goodLooks < policy.closeAfterLooks) return silence('needs-another-look');
    return unlessQuiet(look, told.severity, 'closed');
  }
  const { severity } = observation.incident;
  if (!isOpen) return decideFirst(look, told);
  if (severity !== told.severity) return unlessQuiet(look, severity, 'changed');
  return now - told.at >= reminderInterval ? unlessQuiet(look, severity, 'reminder') : silence('told');
}

function decideFirst(look: Look, told: LastTold | undefined): Decision {
  const { observation, isCovered, policy, now } = look;
  const { incident } = observation;
  if (isCovered) return silence('covered');
  if (now - incident.since < policy.after) return silence('too-young');
  const isBack = told !== undefined && policy.reopenWithin > 0 && now - told.at <= policy.reopenWithin;
  return unlessQuiet(look, incident.severity, isBack ? 'reopened' : 'opened');
}

/** Critical news passes, and so does the end of what was critical. */
function unlessQuiet({ policy, now }: Look, severity: Severity, event: Event): Decision {
  if (severity !== 'critical' && isQuiet(policy.quietHours, now)) return silence('quiet-hours');
  return { tell: event };
}

function silence(why: Silence): Decision {
  return { tell: undefined, why };
}
