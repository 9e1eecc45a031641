import http, { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareNetwork, proxyFor, proxySettingsForNode } from '../src/index.ts';

const stops: (() => void)[] = [];
afterAll(() => stops.forEach((stop) => stop()));

/** Starts an HTTP server on this machine. @returns its port */
async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  // Node's `fetch` opens a tunnel, `http.request` sends the request itself to the proxy.
  server.on('connect', (_request, socket: Socket) => {
    proxied += 1;
    socket.end('HTTP/1.1 502 no\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

let [proxied, proxy, port] = [0, '', 0];
beforeAll(async () => {
  port = await serve((_request, response) => response.end('direct'));
  const proxyPort = await serve((_request, response) => {
    proxied += 1;
    response.end('proxied');
  });
  proxy = `http://127.0.0.1:${proxyPort}`;
});

const clients: Record<string, (url: string) => Promise<unknown>> = {
  fetch: (url) => fetch(url, { signal: AbortSignal.timeout(10_000) }).then((response) => response.text()),
  'http.request': (url) =>
    new Promise((resolve, reject) => {
      const request = http.get(url, { timeout: 10_000 }, (message) => message.resume().on('end', resolve));
      request.on('error', reject).on('timeout', () => request.destroy());
    }),
};

describe.each(Object.keys(clients))('%s of Node', (name) => {
  // No name server resolves hosts that end in `.test`, so a direct request to them fails.
  it.each([
    ['', 'http://127.0.0.1:PORT/', 'direct'],
    ['', 'http://localhost:PORT/', 'direct'],
    ['', 'http://[::1]:PORT/', 'direct'],
    ['', 'http://a.test/', 'proxy'],
    ['corp.test', 'http://corp.test/', 'direct'],
    ['corp.test', 'http://a.corp.test/', 'direct'],
    ['.corp.test', 'http://a.corp.test/', 'direct'],
    ['*.corp.test', 'http://corp.test/', 'direct'],
    ['other.test CORP.test', 'http://a.corp.test/', 'direct'],
    ['corp.test', 'http://notcorp.test/', 'proxy'],
    ['corp.test:8080', 'http://corp.test/', 'proxy'],
    ['corp.test:8080', 'http://corp.test:8080/', 'direct'],
    ['*', 'http://a.test/', 'direct'],
  ])('agrees with proxyFor about no_proxy "%s" for %s: %s', async (list, address, expected) => {
    const url = address.replace('PORT', String(port));
    const settings = prepareNetwork({ http_proxy: proxy, no_proxy: list });
    expect(proxyFor(new URL(url), settings) === undefined ? 'direct' : 'proxy').toBe(expected);
    const restore = http.setGlobalProxyFromEnv(proxySettingsForNode(settings) as NodeJS.ProcessEnv);
    proxied = 0;
    await clients[name]?.(url).catch(() => undefined);
    restore();
    expect(proxied > 0 ? 'proxy' : 'direct').toBe(expected);
  });
});
