import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => void (await Promise.all(stops.splice(0).map((stop) => stop()))));

/** Starts the metrics listener of a scale set on this machine. It stops after the test. @returns its URL */
export async function serveMetrics(answer: string | RequestListener): Promise<string> {
  const server = createServer((request, response) => {
    if (typeof answer === 'function') return answer(request, response);
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    return closed;
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}

/** Formats gauges as a listener exports them. */
export function gauges(
  values: Record<string, number | string>,
  labels = '{name="arc-large",organization="octo"}',
): string {
  const lines = Object.entries(values).map(([name, value]) => `gha_${name}${labels} ${value}`);
  return `# HELP gha_assigned_jobs Jobs\n# TYPE gha_assigned_jobs gauge\n${lines.join('\n')}\n`;
}
