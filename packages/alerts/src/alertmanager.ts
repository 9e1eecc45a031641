import { beginOf, type Observation } from './incident.ts';
import type { Told } from './memory.ts';
import type { Act } from './plan.ts';
import { shorten } from './text.ts';

/** An alert of Alertmanager's API. Source: its `api/v2/openapi.yaml`, `postableAlert`. Times are ISO 8601. */
export interface PostableAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  endsAt: string;
  generatorURL?: string;
}

export type AlertmanagerAct = Extract<Act, { channel: 'alertmanager' }>;

const [maxLabels, maxName, maxValue, maxText] = [16, 100, 200, 4000];

/**
 * Returns the labels of an incident. They are the identity of an alert, so they must be the same in every look. A name with
 * other characters than Prometheus allows gets `_` for them.
 */
export function alertLabels(
  { incident }: Pick<Observation, 'incident'>,
  repository: string,
): Record<string, string> {
  const given = Object.entries(incident.labels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, maxLabels)
    .map(([name, value]) => [labelName(name), shorten(value.toWellFormed(), maxValue)] as const)
    .filter(([name, value]) => name !== '' && value !== '');
  return {
    ...Object.fromEntries(given),
    alertname: shorten(incident.kind, maxValue) || 'incident',
    severity: incident.severity,
    incident: incident.key,
    ...(repository === '' ? {} : { repository: shorten(repository, maxValue) }),
  };
}

/** Prometheus allows `[a-zA-Z_][a-zA-Z0-9_]*`. Names that begin with `__` are its own. */
function labelName(name: string): string {
  const allowed = name.slice(0, maxName).replaceAll(/\W/g, '_').replace(/^_+/, '');
  return /^\d/.test(allowed) ? `_${allowed}` : allowed;
}

/**
 * Returns the alerts to post for an act: one, or two when the severity has changed, which is another alert there.
 * @param lasts milliseconds until Alertmanager takes an alert for ended that no look repeats
 */
export function alertsOf(
  act: AlertmanagerAct,
  { repository, lasts, now }: { repository: string; lasts: number; now: number },
): PostableAlert[] {
  const { observation, event, told } = act;
  const known = told?.state === 'open' ? told.labels : undefined;
  const fresh = alertLabels(observation, repository);
  const make = (labels: Record<string, string>, end: number) => alertOf(observation, labels, now, end);
  if (event === 'closed') return [make(known ?? fresh, now)];
  if (event === 'repeat') return [make(known ?? fresh, now + lasts)];
  if (event === 'changed' && known !== undefined && known['severity'] !== fresh['severity'])
    return [make(known, now), make(fresh, now + lasts)];
  return [make(fresh, now + lasts)];
}

function alertOf(
  { incident, remark }: Observation,
  labels: Record<string, string>,
  now: number,
  end: number,
): PostableAlert {
  const text = (value: string): string => shorten(value.toWellFormed(), maxText);
  return {
    labels,
    annotations: {
      summary: text(incident.title),
      description: text(incident.summary),
      ...(remark === undefined ? {} : { remark: text(remark) }),
    },
    startsAt: new Date(Math.min(beginOf(incident), now)).toISOString(),
    endsAt: new Date(end).toISOString(),
    ...(isWebAddress(incident.url) ? { generatorURL: incident.url } : {}),
  };
}

function isWebAddress(url: string | undefined): url is string {
  return url !== undefined && /^https?:\/\//.test(url) && URL.canParse(url);
}

/** Returns what is remembered about an act that was delivered. */
export function toldOf({ observation, event, told }: AlertmanagerAct, repository: string, now: number): Told {
  if (event === 'repeat' && told !== undefined) return told;
  if (event === 'closed') return { state: 'closed', severity: told?.severity ?? 'info', at: now };
  const { severity } = observation.incident;
  return { state: 'open', severity, at: now, labels: alertLabels(observation, repository) };
}
