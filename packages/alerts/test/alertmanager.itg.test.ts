// Situation 26 of report-job-metrics, and the alerts of the fleet, with a real Alertmanager.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hour, keyOf, minute, observe } from './examples.ts';
import { look, receiver } from './set-up.ts';

const program = 'prometheus-alertmanager';
const isInstalled = spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
/** Alertmanager lives in the real time. */
const now = Date.now();
const since = now - hour;
const channel = (url: URL) => ({ alertmanager: { url, interval: 15 * minute } });

interface Listed {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  endsAt: string;
  generatorURL: string;
  status: { state: string };
}

/** Starts an Alertmanager on a free port of this machine, until the test ends. It notifies a webhook. */
async function startAlertmanager(notify: URL): Promise<URL> {
  const folder = mkdtempSync(join(tmpdir(), 'alertmanager-'));
  const config = {
    route: { receiver: 'team', group_by: ['incident'], group_wait: '0s', group_interval: '1s' },
    receivers: [{ name: 'team', webhook_configs: [{ url: notify.href, send_resolved: true }] }],
  };
  writeFileSync(join(folder, 'am.yml'), JSON.stringify(config));
  const child = spawn(
    program,
    [
      `--config.file=${join(folder, 'am.yml')}`,
      `--storage.path=${folder}`,
      '--web.listen-address=127.0.0.1:0',
      '--web.route-prefix=/am',
      '--cluster.listen-address=',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true });
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    lines.push(line);
    const address = /msg="Listening on" address=(\S+)/.exec(line)?.[1];
    if (address === undefined) continue;
    child.stderr.resume();
    return new URL(`http://${address}/am`);
  }
  throw new Error(`${program} ended before it listened: ${lines.join('\n')}`);
}

async function alerts(url: URL): Promise<Listed[]> {
  return (await (await fetch(`${url.href}/api/v2/alerts`)).json()) as Listed[];
}

describe('a real Alertmanager', () => {
  it.skipIf(!isInstalled)(
    'is told, reminded, told of another severity, and told of the end (needs Debian’s prometheus-alertmanager)',
    async () => {
      const { url: notify, received } = await receiver((response) => response.end());
      const url = await startAlertmanager(notify);
      const notified = () =>
        received.flatMap(({ body }) => {
          const { alerts: all } = JSON.parse(body.toString()) as {
            alerts: { status: string; labels: Record<string, string> }[];
          };
          return all.map(({ status, labels }) => `${status} ${labels['severity']}`);
        });
      const change = { since, labels: { 'pool.name': 'a "b" \\ ü\n' }, url: 'https://example.com/1' };
      let { memory, warnings } = await look([observe('firing', change)], channel(url), { now });
      expect(warnings).toEqual([]);
      expect(await alerts(url)).toMatchObject([
        {
          labels: {
            ...{ alertname: 'offline', severity: 'warning', incident: keyOf('big-1') },
            ...{ repository: 'octo/app', pool_name: 'a "b" \\ ü\n' },
          },
          annotations: { summary: 'big-1 is offline' },
          endsAt: new Date(now + 45 * minute).toISOString(),
          generatorURL: 'https://example.com/1',
          status: { state: 'active' },
        },
      ]);
      await expect.poll(notified, { timeout: 60_000 }).toContain('firing warning');
      const later = now + 1;
      ({ memory, warnings } = await look([observe('unknown', change)], channel(url), { memory, now: later }));
      expect(await alerts(url)).toMatchObject([{ endsAt: new Date(later + 45 * minute).toISOString() }]);
      const worse = { ...change, severity: 'critical' as const };
      ({ memory, warnings } = await look([observe('firing', worse)], channel(url), {
        memory,
        now: later + 1,
      }));
      await expect.poll(notified, { timeout: 60_000 }).toContain('firing critical');
      await expect.poll(notified, { timeout: 60_000 }).toContain('resolved warning');
      for (const _ of [1, 2])
        ({ memory, warnings } = await look([observe('recovered', worse)], channel(url), {
          memory,
          now: later + 2,
        }));
      expect(warnings).toEqual([]);
      await expect.poll(notified, { timeout: 60_000 }).toContain('resolved critical');
      expect(await alerts(url)).toEqual([]);
    },
  );

  it.skipIf(!isInstalled)(
    'takes labels of whatever a stranger wrote (needs Debian’s prometheus-alertmanager)',
    async () => {
      const { url: notify } = await receiver((response) => response.end());
      const url = await startAlertmanager(notify);
      const labels = {
        '': 'x',
        '9': 'x',
        ü: 'x',
        __name__: 'x',
        'a b': '\ud800',
        constructor: 'x',
        empty: '',
      };
      const title = `${'x'.repeat(10_000)}\u0000\ud800`;
      const { warnings } = await look([observe('firing', { since, labels, title })], channel(url), { now });
      expect(warnings).toEqual([]);
      expect((await alerts(url)).map((one) => one.labels)).toMatchObject([
        { constructor: 'x', name__: 'x', _9: 'x' },
      ]);
    },
  );

  it('that refuses makes a warning with what it says, and is told in the next look', async () => {
    const { url, received } = await receiver((response, count) =>
      count === 1 ? response.writeHead(400).end('"invalid label set"') : response.end(),
    );
    const failed = await look([observe('firing', { since })], channel(url), { now });
    expect(failed.warnings).toEqual([
      `Alerts could not be sent. Alertmanager at ${url.host}: status 400: invalid label set.`,
    ]);
    const next = await look([observe('firing', { since })], channel(url), { now, memory: failed.memory });
    expect(next.done).toMatchObject([{ channel: 'alertmanager', what: 'opened' }]);
    expect(received.map(({ url: path }) => path)).toEqual(
      Array(2).fill('/services/very-secret/api/v2/alerts'),
    );
  });
});
