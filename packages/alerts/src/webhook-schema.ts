import { described, mapOf } from '@runner-actions/config';
import * as v from 'valibot';
import { severities } from './incident.ts';

const time = (what: string) => described(v.pipe(v.string(), v.isoTimestamp()), `${what}, in UTC as ISO 8601`);
const severity = described(v.picklist(severities), 'How bad it is');
const key = described(
  v.pipe(v.string(), v.regex(/^[\da-f]{32}$/)),
  'The identity of the incident: the same on every channel and in every look',
);
const line = (most: number) => v.pipe(v.string(), v.maxLength(most));

const incident = v.object({
  key,
  kind: described(line(100), 'What is wrong'),
  title: described(line(300), 'One line that names the subject'),
  severity,
  'severity-before': v.optional(described(v.picklist(severities), 'What was told before, if it was another')),
  summary: described(line(5000), 'What was seen and what to do: plain text of several lines'),
  remark: v.optional(described(line(2000), 'What helped, or what is uncertain')),
  labels: described(mapOf(v.string(), line(200)), 'Names and values'),
  facts: described(v.array(v.object({ name: line(200), value: line(500) })), 'Names and values, in order'),
  'started-at': time('When it began'),
  'ended-at': v.optional(time('When a look found it gone')),
  url: v.optional(described(line(2000), 'A page with more')),
});

const ended = v.object({
  key,
  title: line(300),
  severity,
  'started-at': time('When it began'),
  'ended-at': time('When a look found it gone'),
});

/** What the webhook gets. All texts are plain and may be a stranger's. */
export const webhookSchema = v.object({
  version: described(v.literal(1), 'Version of this format. New keys may come without a new version'),
  id: described(
    v.pipe(v.string(), v.regex(/^[\da-f]{32}$/)),
    'The same in each try to deliver this message. A receiver that knows it has nothing more to do',
  ),
  event: described(
    v.picklist(['opened', 'changed', 'reminder', 'closed', 'reopened', 'digest']),
    '`reminder`: it still lasts, once a day. `digest`: what began and ended in quiet hours',
  ),
  text: described(line(6000), 'The message for people, in the Markdown of Slack'),
  'sent-at': time('When the message was made'),
  repository: described(line(200), 'Whose incident it is: `owner/name`'),
  'run-url': v.optional(described(line(2000), 'The run that saw it')),
  incident: v.optional(described(incident, 'All events but `digest` have it')),
  ended: v.optional(described(v.array(ended), 'Only `digest` has it')),
});

export type WebhookMessage = v.InferOutput<typeof webhookSchema>;
