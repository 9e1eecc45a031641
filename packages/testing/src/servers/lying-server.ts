import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach } from 'vitest';

/** A request that a server got, with its whole body. */
export interface Seen {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

const stops: (() => void)[] = [];
afterEach(() => stops.splice(0).forEach((stop) => stop()));

/**
 * Starts an HTTP server on this machine until the test ends. `answer` is called when a whole request has come.
 * As a proxy, it requires a login. @returns its address, the requests so far, and the hosts that were asked of the proxy
 */
export async function serve(
  answer: (seen: Seen, response: ServerResponse, count: number) => void,
): Promise<{ address: string; seen: Seen[]; tunnels: (string | undefined)[] }> {
  const seen: Seen[] = [];
  const tunnels: (string | undefined)[] = [];
  const listener: RequestListener = (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method, url, headers } = request;
      const one = { method, url, headers, body: Buffer.concat(parts).toString() };
      seen.push(one);
      answer(one, response, seen.length);
    });
  };
  const server = createServer(listener);
  server.on('connect', ({ url }: IncomingMessage, socket: Socket) => {
    tunnels.push(url);
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  stops.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, tunnels };
}
