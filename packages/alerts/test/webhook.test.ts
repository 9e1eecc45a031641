import { readFileSync } from 'node:fs';
import { schemaProblems } from '@runner-actions/testing';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Told } from '../src/memory.ts';
import { digestMessage, incidentMessage, signatureHeaders } from '../src/webhook.ts';
import { type WebhookMessage, webhookSchema } from '../src/webhook-schema.ts';
import { hour, keyOf, noon, observe } from './examples.ts';

const file = new URL('../../../docs/schema/alert-webhook.schema.json', import.meta.url);
// The checker knows no formats. The schema of the code checks them.
const withoutFormats = readFileSync(file, 'utf8').replaceAll(/"format": "date-time",/g, '');
const { $id: _, ...schema } = JSON.parse(withoutFormats) as Record<string, unknown>;
const source = { repository: 'octo/app', runUrl: 'https://github.com/octo/app/actions/runs/1' };
const events = ['opened', 'changed', 'reminder', 'closed', 'reopened'] as const;
const told: Told = { state: 'open', severity: 'info', at: noon - hour };
const message = (
  event: (typeof events)[number] = 'opened',
  ...[state, change, remark]: Parameters<typeof observe>
) =>
  incidentMessage(observe(state, change, remark), event, event === 'opened' ? undefined : told, source, noon);

/** The problems by both schemas: the published one and that of the code. */
function problems(one: WebhookMessage): unknown[] {
  const own = v.safeParse(webhookSchema, one);
  return [...schemaProblems(schema, one), ...(own.issues ?? [])];
}

describe('the message of the webhook', () => {
  it.each(events)('has the published form when an incident is %s', (event) => {
    expect(problems(message(event))).toEqual([]);
  });

  it('has the published form and bounds for texts without an end', () => {
    const long = '<@U1> \n'.repeat(20_000);
    const labels = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`l${index}`, long]));
    const facts = Array.from({ length: 100 }, () => [long, long] as const);
    const change = { title: long, summary: long, kind: long, url: `https://x/${long}`, labels, facts };
    const made = message('changed', 'firing', change, long);
    expect(problems(made)).toEqual([]);
    expect(JSON.stringify(made).length).toBeLessThan(60_000);
  });

  it('says all about the incident in plain text', () => {
    expect(message('changed', 'firing', { labels: { pool: 'big' }, facts: [['since', 'noon']] })).toEqual({
      version: 1,
      id: expect.stringMatching(/^[\da-f]{32}$/) as string,
      event: 'changed',
      text: '*Now warning*: big-1 is offline, since 2026-03-02 11:00 UTC\nGitHub lists it as offline. Start its service.',
      'sent-at': '2026-03-02T12:00:00.000Z',
      repository: 'octo/app',
      'run-url': 'https://github.com/octo/app/actions/runs/1',
      incident: {
        key: keyOf('big-1'),
        kind: 'offline',
        title: 'big-1 is offline',
        severity: 'warning',
        'severity-before': 'info',
        summary: 'GitHub lists it as offline. Start its service.',
        labels: { pool: 'big' },
        facts: [{ name: 'since', value: 'noon' }],
        'started-at': '2026-03-02T11:00:00.000Z',
      },
    });
  });

  it('says when the incident ended and what helped', () => {
    const made = message('closed', 'recovered', {}, 'The service was restarted.');
    expect(made.text).toBe('*Ended*: big-1 is offline, after 1 h 0 min\nThe service was restarted.');
    expect(made.incident).toMatchObject({ 'ended-at': '2026-03-02T12:00:00.000Z' });
  });

  it('makes no link, mention and format for Slack out of the words of a stranger', () => {
    const { text } = message('opened', 'firing', { title: '<!channel> @here *x* <https://evil.example|ok>' });
    expect(text).not.toMatch(/<|@here|\*x\*/);
    expect(text).toContain('&lt;!channel&gt;');
  });

  it('has the same id when two jobs say the same, and another one for other news', () => {
    expect(message('opened').id).toBe(incidentMessage(observe(), 'opened', undefined, source, noon + 5).id);
    const ids = [
      message('opened'),
      message('opened', 'firing', { since: noon - 2 * hour }),
      message('opened', 'firing', { severity: 'critical' }),
      message('opened', 'firing', { key: keyOf('x') }),
      ...events.slice(1).map((event) => message(event)),
    ].map(({ id }) => id);
    expect(new Set(ids).size).toBe(8);
  });

  it('of the morning lists what ended in quiet hours', () => {
    const ended = [
      {
        key: keyOf('a'),
        title: 'big-1\nis <off>',
        severity: 'warning' as const,
        from: noon - hour,
        to: noon,
      },
    ];
    const made = digestMessage(ended, { ...source, runUrl: undefined }, noon);
    expect(problems(made)).toEqual([]);
    expect(made).toMatchObject({
      event: 'digest',
      text: 'Ended in quiet hours: big-1 is &lt;off&gt; (warning)',
    });
  });
});

describe('the page about alerts', () => {
  const page = readFileSync(new URL('../../../docs/alerts.md', import.meta.url), 'utf8');

  it('shows a message as it is sent', () => {
    const [, example = ''] = /^```json\n([^`]*)^```/m.exec(page) ?? [];
    const change = { summary: 'Start its service.', labels: { pool: 'big' } };
    expect(JSON.parse(example)).toEqual(message('opened', 'firing', change));
  });

  it('shows a signature as it is sent with the body {"a":1} and the key secret', () => {
    for (const [name, value] of Object.entries(signatureHeaders('{"a":1}', 'secret', noon)))
      expect(page.toLowerCase()).toContain(`${name}: ${value}`);
  });
});

describe('the signature', () => {
  it('is the HMAC over time and body', () => {
    // printf '1772452800.{"a":1}' | openssl dgst -sha256 -hmac secret
    expect(signatureHeaders('{"a":1}', 'secret', noon + 999)).toEqual({
      'x-runner-actions-timestamp': '1772452800',
      'x-runner-actions-signature': 'sha256=c747dc5ec7d578d37dfd5024d4493f8a7c2283763535adc7ef89aa54017e33a0',
    });
  });
});
