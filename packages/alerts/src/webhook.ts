import { createHash, createHmac } from 'node:crypto';
import { formatDuration } from '@runner-actions/core';
import type { Event } from './decide.ts';
import { beginOf, type Observation } from './incident.ts';
import type { EndedQuietly, Told } from './memory.ts';
import { shorten, timeText } from './text.ts';
import type { WebhookMessage } from './webhook-schema.ts';

/** Who speaks. */
export interface Source {
  /** `owner/name` */
  repository: string;
  runUrl: string | undefined;
}

const [maxLabels, maxFacts] = [30, 30];

/** Returns the message about one incident. @param now milliseconds since the epoch */
export function incidentMessage(
  observation: Observation,
  event: Event,
  told: Told | undefined,
  source: Source,
  now: number,
): WebhookMessage {
  const { incident, remark } = observation;
  const { key, kind, severity } = incident;
  const [title, summary] = [oneLine(incident.title), shorten(incident.summary, 5000)];
  const labels = Object.entries(incident.labels ?? {}).slice(0, maxLabels);
  const facts = (incident.facts ?? []).slice(0, maxFacts);
  return {
    ...envelope(source, now),
    id: hash([key, event, incident.since, severity, told?.at ?? 0]),
    event,
    text: textOf(event, title, observation, now),
    incident: {
      ...{ key, kind: shorten(kind, 100), title, severity, summary },
      ...(told !== undefined && told.severity !== severity ? { 'severity-before': told.severity } : {}),
      ...(remark === undefined ? {} : { remark: shorten(remark, 2000) }),
      labels: Object.fromEntries(labels.map(([name, value]) => [name, shorten(value, 200)])),
      facts: facts.map(([name, value]) => ({ name: shorten(name, 200), value: shorten(value, 500) })),
      'started-at': isoTime(beginOf(incident)),
      ...(event === 'closed' ? { 'ended-at': isoTime(now) } : {}),
      ...(incident.url ? { url: shorten(incident.url, 2000) } : {}),
    },
  };
}

/** Returns the one message about all that began and ended in quiet hours. */
export function digestMessage(ended: readonly EndedQuietly[], source: Source, now: number): WebhookMessage {
  const items = ended.map(({ key, title, severity, from, to }) => {
    return { key, title: oneLine(title), severity, 'started-at': isoTime(from), 'ended-at': isoTime(to) };
  });
  const names = items.map(({ title, severity }) => `${slackText(title)} (${severity})`).join(', ');
  return {
    ...envelope(source, now),
    id: hash(['digest', ...ended.map(({ key, to }) => `${key} ${to}`)]),
    event: 'digest',
    text: shorten(`Ended in quiet hours: ${names}`, 6000),
    ended: items,
  };
}

/**
 * Returns the headers that let a receiver verify a message: HMAC-SHA256 with the shared key over the time in seconds, a
 * full stop, and the body as it was sent.
 * @param now milliseconds since the epoch
 */
export function signatureHeaders(body: string, key: string, now: number): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const digest = createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex');
  return {
    'x-runner-actions-timestamp': timestamp,
    'x-runner-actions-signature': `sha256=${digest}`,
  };
}

function envelope({ repository, runUrl }: Source, now: number) {
  return {
    version: 1 as const,
    'sent-at': isoTime(now),
    repository,
    ...(runUrl === undefined ? {} : { 'run-url': runUrl }),
  };
}

const heads: Record<Event, string> = {
  opened: 'New',
  changed: 'Now',
  reminder: 'Still',
  closed: 'Ended',
  reopened: 'Back',
};

function textOf(event: Event, title: string, { incident, remark }: Observation, now: number): string {
  const begin = beginOf(incident);
  const lasted = formatDuration(Math.max(0, now - begin));
  const head = event === 'closed' ? heads[event] : `${heads[event]} ${incident.severity}`;
  const when = event === 'closed' ? `after ${lasted}` : `since ${timeText(begin)}`;
  const rest = [...(event === 'closed' ? [] : [incident.summary]), ...(remark === undefined ? [] : [remark])];
  const lines = rest.map((text) => slackText(shorten(text, 2000)));
  return shorten([`*${head}*: ${slackText(title)}, ${when}`, ...lines].join('\n'), 6000);
}

/**
 * Escapes a stranger's text for Slack, which turns `<…>` into links and mentions.
 * Source: Slack's documentation, "Formatting message text", "Escaping text"
 */
function slackText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/@(?=\w)/g, '@\u200b')
    .replaceAll(/[*_~`]/g, '$&\u200b');
}

function oneLine(text: string): string {
  return shorten(text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim(), 300);
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}

function hash(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
