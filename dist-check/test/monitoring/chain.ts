// Starts the servers of the page about monitoring, with its example files, on free ports of this machine.
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished } from 'vitest';
import { parse, stringify } from 'yaml';
import { startServer } from '@runner-actions/testing/servers';
import { monitoring } from './expressions.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'chain-'));
const textOf = (name: string): string => readFileSync(join(monitoring, name), 'utf8');

/** A message of Alertmanager. Source: Alertmanager, "Configuration", `<webhook_config>`. */
export interface Message {
  status: 'firing' | 'resolved';
  alerts: { status: string; labels: Record<string, string>; annotations: Record<string, string> }[];
}

/** Starts a receiver of messages. `next` waits for the first one with a status that is about an alert. */
async function startReceiver() {
  const seen: Message[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      seen.push(JSON.parse(body) as Message);
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  const find = (status: Message['status'], alert: string): Message | undefined =>
    seen.find((each) => each.status === status && each.alerts[0]?.labels['alertname'] === alert);
  const next = async (...wanted: Parameters<typeof find>): Promise<Message['alerts']> => {
    await expect.poll(() => find(...wanted), { timeout: 60_000 }).toBeDefined();
    return find(...wanted)?.alerts ?? [];
  };
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, next };
}

/** Starts Alertmanager with the example, which waits for nothing and knows no night. */
async function startAlertmanager(receiver: string): Promise<string> {
  const config = parse(textOf('alertmanager.yml')) as {
    route: { routes: { mute_time_intervals?: string[] }[] };
    receivers: { name: string; webhook_configs?: { url: string }[] }[];
  };
  Object.assign(config.route, { group_wait: '1ms', group_interval: '100ms' });
  for (const route of config.route.routes) delete route.mute_time_intervals;
  for (const { webhook_configs: webhooks = [] } of config.receivers)
    for (const webhook of webhooks) webhook.url = receiver;
  const file = join(folder(), 'alertmanager.yml');
  writeFileSync(file, stringify(config));
  const options = [`--config.file=${file}`, `--storage.path=${folder()}`, '--cluster.listen-address='];
  return startServer('prometheus-alertmanager', options);
}

/** Starts Prometheus with the example and the rules. @param addresses of servers, by their port in the example */
async function startPrometheus(addresses: Record<string, string>): Promise<string> {
  const [files, data] = [folder(), folder()];
  const found = textOf('prometheus.yml').replaceAll(
    /127\.0\.0\.1:(\d+)/g,
    (_, port: string) => new URL(addresses[port] ?? '').host,
  );
  const config = parse(found) as { global: object };
  config.global = { scrape_interval: '200ms', evaluation_interval: '200ms' };
  writeFileSync(join(files, 'prometheus.yml'), stringify(config));
  copyFileSync(join(monitoring, 'rules.yml'), join(files, 'rules.yml'));
  const options = [`--config.file=${join(files, 'prometheus.yml')}`, `--storage.tsdb.path=${data}`];
  return startServer('prometheus', options);
}

/** Starts all servers until the test ends. `textfiles` is the folder that node_exporter reads. */
export async function startChain() {
  const textfiles = folder();
  const options = ['--collector.disable-defaults', '--collector.textfile'];
  const [receiver, gateway, exporter] = await Promise.all([
    startReceiver(),
    startServer('prometheus-pushgateway', []),
    startServer('prometheus-node-exporter', [...options, `--collector.textfile.directory=${textfiles}`]),
  ]);
  const alertmanager = await startAlertmanager(receiver.address);
  const prometheus = await startPrometheus({ 9091: gateway, 9093: alertmanager, 9100: exporter });
  /** Returns the labels of all series that an expression has now. */
  const query = async (expression: string): Promise<Record<string, string>[]> => {
    const body = new URLSearchParams({ query: expression });
    const answer = await fetch(`${prometheus}/api/v1/query`, { method: 'POST', body });
    const { data, error } = (await answer.json()) as {
      error?: string;
      data?: { result: { metric: Record<string, string> }[] };
    };
    if (data === undefined) throw new Error(`${expression}: ${error}`);
    return data.result.map(({ metric }) => metric);
  };
  return { gateway, textfiles, query, next: receiver.next };
}
