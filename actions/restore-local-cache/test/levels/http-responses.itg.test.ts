import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { getStream, readShortText } from '../../src/levels/http-responses.ts';

const stops: (() => void)[] = [];
afterEach(() => stops.splice(0).forEach((stop) => stop()));

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  stops.push(() => server.close().closeAllConnections());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const { signal } = new AbortController();

describe('getStream', () => {
  it('reads the whole body when the server ends the connection while the reader is behind', async () => {
    const url = await serve((request, response) => {
      const body = Buffer.alloc(Number(request.url?.slice(1)));
      response.writeHead(200, { connection: 'close', 'content-length': body.length }).end(body);
    });
    // Whether the end meets a full buffer depends on how the bytes arrive, so several sizes are tested.
    for (const size of [400_000, 450_000, 500_000, 550_000, 600_000]) {
      let got = 0;
      for await (const part of await getStream(`${url}/${size}`, {}, signal)) {
        got += (part as Buffer).length;
        for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      }
      expect(got).toBe(size);
    }
  });

  it('follows redirects, and sends credentials only to the first host', async () => {
    const seen: unknown[] = [];
    const keep: RequestListener = ({ headers: { authorization, range } }, response) => {
      seen.push({ authorization, range });
      response.end('there');
    };
    const other = await serve(keep);
    const url = await serve((request, response) => {
      if (request.url !== '/') return keep(request, response);
      response.writeHead(307, { location: request.headers.range === undefined ? '/same' : other }).end();
    });
    for (const headers of [{ authorization: 'me' }, { authorization: 'me', range: 'bytes=1-' }])
      expect(await readShortText(await getStream(url, headers, signal))).toBe('there');
    expect(seen).toEqual([
      { authorization: 'me', range: undefined },
      { authorization: undefined, range: 'bytes=1-' },
    ]);
  });

  it('fails when it is aborted and when the connection breaks', async () => {
    const url = await serve((request, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('half', () => {
        if (request.url === '/broken') response.destroy();
      });
    });
    const stop = new AbortController();
    const slow = await getStream(url, {}, stop.signal);
    stop.abort(new Error('too late'));
    await expect(readShortText(slow)).rejects.toThrow();
    await expect(getStream(`${url}/broken`, {}, signal).then((one) => readShortText(one))).rejects.toThrow();
    await expect(getStream(url, {}, stop.signal)).rejects.toThrow();
  });
});
