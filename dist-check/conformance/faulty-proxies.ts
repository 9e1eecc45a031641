import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy in front of a server, which disturbs connections on purpose. */
export interface FaultyProxy {
  url: string;
  /** Returns how often the proxy has disturbed a connection. */
  count(): number;
  stop(): Promise<void>;
}

/** Decides about a chunk of data: calls `forward` to send it on, at once or later, or never. */
type OnChunk = (chunk: Buffer, forward: () => void, ends: Ends) => void;

interface Ends {
  client: Socket;
  server: Socket;
}

/** Starts a proxy that closes one connection, after `after` bytes of responses. */
export function disconnectingProxy(to: string, after: number): Promise<FaultyProxy> {
  let forwarded = 0;
  let count = 0;
  return startProxy(to, {
    count: () => count,
    onResponse(chunk, forward, { client }) {
      forwarded += chunk.length;
      if (count > 0 || forwarded < after) return forward();
      count += 1;
      client.destroy();
    },
  });
}

/**
 * Starts a proxy that holds back requests that start with `begin` until it has `together` of them, then forwards these
 * at once.
 */
export function gatingProxy(to: string, begin: string, together: number): Promise<FaultyProxy> {
  const waiting: (() => void)[] = [];
  let count = 0;
  return startProxy(to, {
    count: () => count,
    onRequest(chunk, forward) {
      if (count > 0 || !chunk.subarray(0, begin.length).equals(Buffer.from(begin))) return forward();
      waiting.push(forward);
      if (waiting.length < together) return;
      count += 1;
      for (const one of waiting) one();
    },
  });
}

const forwardAtOnce: OnChunk = (_chunk, forward) => forward();

async function startProxy(
  to: string,
  {
    onRequest = forwardAtOnce,
    onResponse = forwardAtOnce,
    count,
  }: { onRequest?: OnChunk; onResponse?: OnChunk; count: () => number },
): Promise<FaultyProxy> {
  const open = new Set<Socket>();
  const { hostname, port } = new URL(to);
  const listener = createServer((client) => {
    const ends: Ends = { client, server: connect(Number(port), hostname) };
    const both = [ends.client, ends.server];
    for (const socket of both) {
      open.add(socket);
      // If one end closes, the other closes too. The client then reports the error.
      socket.on('error', () => undefined).on('close', () => both.forEach((one) => one.destroy()));
    }
    pipe(ends.client, ends.server, (chunk, forward) => onRequest(chunk, forward, ends));
    pipe(ends.server, ends.client, (chunk, forward) => onResponse(chunk, forward, ends));
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    count,
    async stop() {
      for (const socket of open) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
}

/** Forwards data chunk by chunk, at the speed of the receiver. */
function pipe(from: Socket, to: Socket, onChunk: (chunk: Buffer, forward: () => void) => void): void {
  from.on('data', (chunk: Buffer) => {
    from.pause();
    onChunk(chunk, () => {
      if (to.write(chunk)) from.resume();
      else to.once('drain', () => from.resume());
    });
  });
  from.on('end', () => to.end());
}
