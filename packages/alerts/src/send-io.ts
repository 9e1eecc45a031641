import { deliver, type Deadline } from '@runner-actions/core';
import { type FailureKind, GitHubFailure } from '@runner-actions/github';
import { alertsOf, type AlertmanagerAct, toldOf } from './alertmanager.ts';
import type { AlertmanagerChannel, Channels, WebhookChannel } from './channels.ts';
import { explainFailure } from './find-issues-io.ts';
import { actOnIssue, type IssueDone } from './issue-acts-io.ts';
import { type Memory, type Remembered, type Told, trimMemory } from './memory.ts';
import type { Act, Plan } from './plan.ts';
import { type AlertPolicy, reminderInterval } from './policy.ts';
import { digestMessage, incidentMessage, signatureHeaders } from './webhook.ts';
import type { WebhookMessage } from './webhook-schema.ts';

/** What became of a plan. Nothing here fails a job: the caller shows the warnings. */
export interface Sent {
  /** The memory for the next look. What was not delivered is planned again then. */
  memory: Memory;
  done: { channel: Act['channel']; what: string; key?: string; url?: string }[];
  warnings: string[];
}

interface Sending {
  channels: Channels;
  deadline: Deadline;
  now: number;
  sent: Sent;
}

/** Milliseconds that a closed incident is remembered at least. */
const shortestMemory = 7 * reminderInterval;

/** Messages of a look that the webhook may fail to take. It is probably down then, and each try takes time. */
const mostFailures = 3;

/** Failures that concern one issue alone. After others, the next issue would fail too. */
const failuresOfOne: readonly FailureKind[] = ['rejected', 'not-found'];

/**
 * Tells the channels what the plan says. Never throws. A channel that fails costs only its own messages, and a message that
 * is refused only itself.
 * @param now milliseconds since the epoch
 */
export async function carryOut(
  plan: Plan,
  channels: Channels,
  { policy, deadline, now }: { policy: AlertPolicy; deadline: Deadline; now: number },
): Promise<Sent> {
  const sent: Sent = { memory: plan.memory, done: [], warnings: [] };
  const sending = { channels, deadline, now, sent };
  await sendIssues(sending, plan.acts);
  await sendWebhooks(sending, plan.acts);
  await sendAlerts(sending, plan.acts);
  const keep = Math.max(shortestMemory, policy.reopenWithin);
  return { ...sent, memory: trimMemory(sent.memory, keep, now) };
}

async function sendIssues({ channels, now, sent }: Sending, acts: readonly Act[]): Promise<void> {
  const { issues: channel } = channels;
  if (channel === undefined) return;
  for (const one of acts) {
    if (one.channel !== 'issues') continue;
    const { key } = one.observation.incident;
    let done: IssueDone;
    try {
      done = await actOnIssue(channel, one.observation, one.act, now);
    } catch (error) {
      warn(sent, explainFailure(error, 'write'));
      if (error instanceof GitHubFailure && failuresOfOne.includes(error.kind)) continue;
      return;
    }
    const { url, author, warning } = done;
    sent.done.push({ channel: 'issues', what: one.act.kind, key, url });
    if (author !== undefined) sent.memory = { ...sent.memory, author };
    if (warning !== undefined) sent.warnings.push(warning);
  }
}

async function sendWebhooks(sending: Sending, acts: readonly Act[]): Promise<void> {
  const { channels, now, sent } = sending;
  const { webhook: channel, source } = channels;
  if (channel === undefined) return;
  let failures = 0;
  for (const one of acts) {
    if (one.channel !== 'webhook' || failures === mostFailures) continue;
    const message =
      'ended' in one
        ? digestMessage(one.ended, source, now)
        : incidentMessage(one.observation, one.event, one.told, source, now);
    const failure = await postMessage(channel, message, sending);
    if (failure !== undefined) {
      warn(sent, `An alert could not be sent. ${failure}`);
      failures += 1;
      continue;
    }
    if ('ended' in one) {
      sent.done.push({ channel: 'webhook', what: 'digest' });
      sent.memory = { ...sent.memory, ended: [] };
      continue;
    }
    const { key, severity } = one.observation.incident;
    sent.done.push({ channel: 'webhook', what: one.event, key });
    const state = one.event === 'closed' ? 'closed' : 'open';
    remember(sent, key, { webhook: { state, severity, at: now } });
  }
}

/** @returns why it was not delivered. It does not quote the address */
async function postMessage(
  { url, signingKey }: WebhookChannel,
  message: WebhookMessage,
  { deadline, now }: Sending,
): Promise<string | undefined> {
  const body = JSON.stringify(message);
  const answer = await deliver(
    {
      server: 'The webhook',
      url,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-runner-actions-delivery': message.id,
        ...(signingKey === undefined ? {} : signatureHeaders(body, signingKey, now)),
      },
      body,
      isSecret: true,
    },
    deadline,
  );
  return typeof answer === 'string' ? answer : undefined;
}

/** Alerts of one request. */
const alertsPerRequest = 200;

async function sendAlerts(sending: Sending, acts: readonly Act[]): Promise<void> {
  const { channels, now, sent } = sending;
  const { alertmanager: channel, source } = channels;
  if (channel === undefined) return;
  const all = acts.filter((one): one is AlertmanagerAct => one.channel === 'alertmanager');
  for (let from = 0; from < all.length; from += alertsPerRequest) {
    const some = all.slice(from, from + alertsPerRequest);
    const failure = await postAlerts(channel, some, sending);
    if (failure !== undefined) {
      sent.warnings.push(`Alerts could not be sent. ${failure}`);
      return;
    }
    for (const one of some) {
      const { key } = one.observation.incident;
      if (one.event !== 'repeat') sent.done.push({ channel: 'alertmanager', what: one.event, key });
      remember(sent, key, { alertmanager: toldOf(one, source.repository, now) });
    }
  }
}

/** Source: Alertmanager's API version 2, `postAlerts`. */
async function postAlerts(
  { url, interval }: AlertmanagerChannel,
  acts: readonly AlertmanagerAct[],
  { channels, deadline, now }: Sending,
): Promise<string | undefined> {
  const settings = { repository: channels.source.repository, lasts: 3 * interval, now };
  const address = new URL(url);
  address.pathname = `${url.pathname.replace(/\/$/, '')}/api/v2/alerts`;
  const answer = await deliver(
    {
      server: `Alertmanager at ${url.host}`,
      url: address,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(acts.flatMap((act) => alertsOf(act, settings))),
    },
    deadline,
  );
  return typeof answer === 'string' ? answer : undefined;
}

/** Several messages may fail for the same reason. */
function warn(sent: Sent, warning: string): void {
  if (!sent.warnings.includes(warning)) sent.warnings.push(warning);
}

function remember(sent: Sent, key: string, told: { webhook?: Told; alertmanager?: Told }): void {
  const known: Remembered = sent.memory.incidents[key] ?? { goodLooks: 0, seen: 0 };
  const { held: _, ...rest } = known;
  const kept = told.webhook === undefined ? known : rest;
  sent.memory = { ...sent.memory, incidents: { ...sent.memory.incidents, [key]: { ...kept, ...told } } };
}
