import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { deliver, type Delivery, registerSecret, startDeadline } from '../src/index.ts';

const stops: (() => void)[] = [];
afterEach(() => stops.splice(0).forEach((stop) => stop()));

interface Seen extends Pick<IncomingMessage, 'method' | 'url' | 'headers'> {
  body: string;
}

async function serve(answer: (response: ServerResponse, count: number) => void) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method, url, headers } = request;
      seen.push({ method, url, headers, body: Buffer.concat(parts).toString() });
      answer(response, seen.length);
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-path`), seen };
}

const delivery = (url: URL, change: Partial<Delivery> = {}): Delivery => ({
  ...{ server: 'The receiver', url, method: 'POST', headers: { 'x-id': '1' }, body: '{"é":1}' },
  ...change,
});
const send = (url: URL, change: Partial<Delivery> = {}) =>
  deliver(delivery(url, change), startDeadline(60_000));

describe('deliver', () => {
  it('sends the body with its headers, and returns what the server said', async () => {
    const { url, seen } = await serve((response) => response.writeHead(202).end('well'));
    expect(await send(url)).toMatchObject({ status: 202, text: 'well' });
    expect(seen).toMatchObject([
      {
        method: 'POST',
        url: '/secret-path',
        body: '{"é":1}',
        headers: { 'x-id': '1', 'content-length': '8' },
      },
    ]);
  });

  it('sends the same request again twice when the server is down or busy, then says why', async () => {
    const { url, seen } = await serve((response, count) =>
      count === 1 ? response.destroy() : response.writeHead(503).end('{"message":"busy"}'),
    );
    expect(await send(url)).toBe('The receiver: status 503: busy.');
    expect(seen).toHaveLength(3);
    expect(new Set(seen.map(({ body, headers }) => body + String(headers['x-id']))).size).toBe(1);
  });

  it('does not repeat a request that the server refuses', async () => {
    const { url, seen } = await serve((response) => response.writeHead(400).end('"label is wrong"'));
    expect(await send(url)).toBe('The receiver: status 400: label is wrong.');
    expect(seen).toHaveLength(1);
  });

  it('waits no longer than its deadline, however long the server asks', async () => {
    const { url, seen } = await serve((response) => response.writeHead(429, { 'retry-after': '900' }).end());
    expect(await send(url)).toBe(
      'The receiver: status 429. It asks to wait 900 s, for which no time is left.',
    );
    expect(seen).toHaveLength(1);
  });

  it('follows no redirect, to whatever host', async () => {
    const other = await serve((response) => response.end());
    const { url } = await serve((response) => response.writeHead(307, { location: other.url.href }).end());
    expect(await send(url)).toMatch(
      /^The receiver: it redirects to .* \(status 307\), which is not followed/,
    );
    expect(other.seen).toEqual([]);
  });

  it('takes a web page for no answer', async () => {
    const { url } = await serve((response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    );
    expect(await send(url)).toMatch(/answers with a web page/);
  });

  it('reads no more than the start of an endless answer', async () => {
    const { url } = await serve((response) => {
      response.writeHead(400);
      const more = (): void => void (response.destroyed || response.write('x'.repeat(65_536), more));
      more();
    });
    expect(String(await send(url)).length).toBeLessThan(400);
  });

  it('quotes no part of a secret address, and nothing that the server says', async () => {
    registerSecret('secret-path');
    const down = new URL('http://127.0.0.1:1/secret-path');
    expect(await send(down, { isSecret: true })).toBe(
      'The receiver: the connection failed with ECONNREFUSED.',
    );
    const { url } = await serve((response, count) =>
      count === 1
        ? response.writeHead(302, { location: 'http://other.example/secret-path' }).end()
        : response.writeHead(404).end('no /secret-path here'),
    );
    expect(await send(url, { isSecret: true })).toBe(
      'The receiver: it redirects (status 302), which is not followed. Give the final address.',
    );
    expect(await send(url, { isSecret: true })).toBe(
      'The receiver: status 404. Check the path of the address.',
    );
  });
});
