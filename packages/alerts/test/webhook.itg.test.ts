// Situation 26 of report-job-metrics, and the webhook of the fleet, with real requests.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished } from 'vitest';
import { alertSettings } from '../src/settings.ts';
import { webhookSchema } from '../src/webhook-schema.ts';
import { day, hour, keyOf, noon, observe } from './examples.ts';
import { look, receiver, type Received } from './set-up.ts';

const page = readFileSync(new URL('../../../docs/alerts.md', import.meta.url), 'utf8');
/** Returns the example of the page that follows a comment. */
function exampleOf(name: string): string {
  const [, code] =
    /^```\w+\n([^`]*(?:`(?!``)[^`]*)*)^```/m.exec(page.split(`<!-- verify: ${name} -->`)[1] ?? '') ?? [];
  if (code === undefined) throw new Error(`docs/alerts.md has no example ${name}`);
  return code;
}

const temporary = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'alerts-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};
const messageOf = ({ body }: Received) => v.parse(webhookSchema, JSON.parse(body.toString()));
const ok = (response: { end: () => unknown }) => response.end();
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

describe('the webhook', () => {
  it('gets one message for each change of state, of the published form', async () => {
    const { url, received } = await receiver(ok);
    const channels = { webhook: { url, signingKey: undefined } };
    let { memory } = await look([observe()], channels);
    for (const [state, now] of [
      ['firing', noon + hour],
      ['firing', noon + day],
      ['recovered', noon + day],
      ['recovered', noon + day + hour],
    ] as const)
      ({ memory } = await look([observe(state)], channels, { memory, now }));
    expect(received.map(messageOf).map(({ event }) => event)).toEqual(['opened', 'reminder', 'closed']);
    expect(received[0]?.headers).toMatchObject({
      ...{ 'content-type': 'application/json', 'x-runner-actions-delivery': messageOf(received[0]!).id },
    });
    expect(received[0]?.headers).not.toHaveProperty('x-runner-actions-signature');
  });

  it('gets the same delivery again when it was busy, and is told once', async () => {
    const { url, received } = await receiver((response, count) =>
      response.writeHead(count === 1 ? 503 : 200).end(),
    );
    const sent = await look([observe()], { webhook: { url, signingKey: 'k' } });
    expect(sent.warnings).toEqual([]);
    expect(received).toHaveLength(2);
    const [one, two] = received;
    expect(two?.headers['x-runner-actions-delivery']).toBe(one?.headers['x-runner-actions-delivery']);
    expect(two?.body).toEqual(one?.body);
  });

  it('that fails makes a warning without its address, and is told in the next look', async () => {
    const secret = 'RUNNER_ACTIONS_SECRET_URL';
    let isDown = true;
    const { url, received } = await receiver((response) =>
      response.writeHead(isDown ? 404 : 200).end('no /services/very-secret'),
    );
    const settings = alertSettings({ alerts: { webhook: secret } }, { [secret]: url.href });
    const channels = { webhook: settings.webhook! };
    const all = ['a', 'b', 'c', 'd'].map((name) => observe('firing', { key: keyOf(name) }));
    const failed = await look(all, channels);
    expect(failed.warnings).toEqual([
      'An alert could not be sent. The webhook: status 404. Check the path of the address.',
    ]);
    expect([failed.done, received.length]).toEqual([[], 3]);
    isDown = false;
    const next = await look(all, channels, { memory: failed.memory, now: noon + hour });
    expect(next.done.map(({ what }) => what)).toEqual(Array(4).fill('opened'));
  });

  it('that refuses one message gets the others', async () => {
    const { url, received } = await receiver((response, count) =>
      response.writeHead(count === 1 ? 400 : 200).end(),
    );
    const two = [observe(), observe('firing', { key: keyOf('b') })];
    const { done, warnings } = await look(two, { webhook: { url, signingKey: undefined } });
    expect(received).toHaveLength(2);
    expect(done.map(({ key }) => key)).toEqual([keyOf('b')]);
    expect(warnings).toEqual(['An alert could not be sent. The webhook: status 400.']);
  });

  it('is not followed to another host', async () => {
    const other = await receiver(ok);
    const { url } = await receiver((response) => response.writeHead(307, { location: other.url.href }).end());
    const { warnings } = await look([observe()], { webhook: { url, signingKey: undefined } });
    expect(warnings).toEqual([expect.stringMatching(/redirects \(status 307\), which is not followed/)]);
    expect(other.received).toEqual([]);
  });

  it('gets one line in the morning about what ended in the night', async () => {
    const { url, received } = await receiver(ok);
    const ended = [
      { key: keyOf('b'), title: 'b was off', severity: 'info' as const, from: noon - day, to: noon },
    ];
    const memory = { version: 1 as const, incidents: {}, ended };
    const sent = await look([], { webhook: { url, signingKey: undefined } }, { memory });
    expect(messageOf(received[0]!)).toMatchObject({ event: 'digest', ended: [{ title: 'b was off' }] });
    expect(sent.memory.ended).toEqual([]);
  });
});

describe('the signature', () => {
  const key = 'a key, with "signs" — and umlauts: ü';
  const delivered = async () => {
    const { url, received } = await receiver(ok);
    await look([observe('firing', { title: 'äöü 😀' })], { webhook: { url, signingKey: key } });
    return received[0]!;
  };

  it('is verified by the example for Node on the page', async () => {
    const file = join(temporary(), 'verify.mjs');
    writeFileSync(file, exampleOf('node'));
    type Verify = (headers: object, body: Buffer, key: string, now?: number) => boolean;
    const { isGenuine } = (await import(pathToFileURL(file).href)) as { isGenuine: Verify };
    const { headers, body } = await delivered();
    expect(isGenuine(headers, body, key, noon)).toBe(true);
    expect(isGenuine(headers, body, 'another key', noon)).toBe(false);
    expect(isGenuine(headers, Buffer.concat([body, Buffer.from(' ')]), key, noon)).toBe(false);
    expect(
      isGenuine({ ...headers, 'x-runner-actions-timestamp': String(noon / 1000 - 1) }, body, key, noon),
    ).toBe(false);
    expect(isGenuine(headers, body, key, noon + hour)).toBe(false);
    expect(isGenuine({}, body, key, noon)).toBe(false);
  });

  it.skipIf(!hasOpenssl)(
    'is computed by the example for openssl on the page (needs openssl of the package openssl)',
    async () => {
      const { headers, body } = await delivered();
      const cwd = temporary();
      writeFileSync(join(cwd, 'body.json'), body);
      const TIMESTAMP = headers['x-runner-actions-timestamp'];
      const env = { PATH: process.env['PATH'], TIMESTAMP, KEY: key };
      const { stdout } = spawnSync('sh', ['-c', exampleOf('openssl')], { cwd, env, encoding: 'utf8' });
      expect(`sha256=${stdout.trim().split(' ').at(-1)}`).toBe(headers['x-runner-actions-signature']);
    },
  );
});
