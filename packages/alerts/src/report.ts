import { escapeMarkdown, formatDuration, table } from '@runner-actions/core';
import type { Silence } from './decide.ts';
import { beginOf, type Observation } from './incident.ts';
import type { Act, Plan } from './plan.ts';

const reasons: Record<Silence, string> = {
  told: 'nothing new since the last message',
  'too-young': 'has not lasted long enough',
  'quiet-hours': 'waits for the end of the quiet hours',
  covered: 'covered by a broader incident',
  unknown: 'unknown in this look',
  'not-told-before': 'had not been told',
  'needs-another-look': 'another look must find it gone',
  muted: 'a person closed the issue',
  'list-incomplete': 'too many open issues to know whether it has one',
  'list-unreadable': 'the issues could not be read',
  'too-many': 'the next look tells it: too many messages in this one',
};

/** Says in the summary of a job what is told where, and what is not, and why. Markdown. @param now milliseconds */
export function planTable(observations: readonly Observation[], plan: Plan, now: number): string {
  const rows = observations.map(({ incident, state }) => [
    escapeMarkdown(incident.title),
    incident.severity,
    state === 'recovered' ? 'gone' : `${state}, for ${formatDuration(Math.max(0, now - beginOf(incident)))}`,
    whatFor(incident.key, plan).join('; ') || 'told nowhere',
  ]);
  return rows.length === 0 ? '' : table(['incident', 'severity', 'state', 'told'], rows);
}

function whatFor(key: string, { acts, silent }: Plan): string[] {
  const told = acts.flatMap((act) =>
    'observation' in act && act.observation.incident.key === key ? [`${act.channel}: ${nameOf(act)}`] : [],
  );
  const not = silent
    .filter((one) => one.key === key)
    .map(({ channel, why }) => `${channel}: ${reasons[why]}`);
  return [...told, ...not];
}

function nameOf(act: Exclude<Act, { ended: unknown }>): string {
  if (act.channel !== 'issues') return act.event;
  return act.act.kind === 'update' ? act.act.event : act.act.kind;
}
