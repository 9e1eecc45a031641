import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from './answer.ts';
import type { ApiRequest, ApiResponse, RecordedRequest } from './exchange.ts';
import { type Fault, type FaultRule, mishear, pickFault, spoil } from './faults.ts';
import { clock, type Fleet } from './fleet.ts';

/** A GitHub API on this machine. */
export interface Simulator {
  /** Base of the API, without a slash at the end; `/api/v3` may be appended, as on an Enterprise Server. */
  readonly url: string;
  /** Every request so far, with what was answered, in the order of their arrival. */
  readonly requests: readonly RecordedRequest[];
  /** The fleet as it is now, re-runs and cancellations included. */
  fleet(): Fleet;
  setFleet(fleet: Fleet): void;
  fault(rule: FaultRule): void;
  /** Drops all connections, stalled ones too. */
  stop(): Promise<void>;
}

interface World {
  fleet: Fleet;
  requests: RecordedRequest[];
  rules: FaultRule[];
  used: Map<FaultRule, number>;
  /** Requests that counted against the rate limit, by token. */
  sent: Map<string, number>;
}

/** Starts a simulator on 127.0.0.1; `port` 0, the default, takes a free one. */
export async function startSimulator(fleet: Fleet, { port = 0 } = {}): Promise<Simulator> {
  const world: World = { fleet, requests: [], rules: [], used: new Map(), sent: new Map() };
  const server = createServer((incoming, outgoing) => {
    receive(world, incoming, outgoing).catch((error: Error) => outgoing.destroy(error));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: world.requests,
    fleet: () => world.fleet,
    setFleet: (next) => void (world.fleet = next),
    fault: (rule) => void world.rules.push(rule),
    stop: () => stop(server),
  };
}

async function stop(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

async function receive(world: World, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { request, token } = await readRequest(incoming);
  const target = `${request.path}?${new URLSearchParams(request.query)}`.replace(/\?$/, '');
  const fault = pickFault(world.rules, target, world.used);
  const { response, fleet, counts } = answer(
    world.fleet,
    mishear(fault, request),
    world.sent.get(token) ?? 0,
  );
  const spoiled = fault === undefined ? response : spoil(fault, request, response, clock(world.fleet));
  // A request that met an error changes nothing.
  if (spoiled.status < 400) world.fleet = fleet;
  if (counts) world.sent.set(token, (world.sent.get(token) ?? 0) + 1);
  const { method, path, query, headers, body } = request;
  world.requests.push({
    ...{ method, path, query, headers, body },
    ...(token === '' ? {} : { token }),
    response: spoiled,
    ...(fault === undefined ? {} : { fault: fault.kind }),
  });
  // GitHub's clock is the fleet's.
  const date = new Date(clock(world.fleet)).toUTCString();
  send(outgoing, { ...spoiled, headers: { date, ...spoiled.headers } }, fault);
}

async function readRequest(incoming: IncomingMessage): Promise<{ request: ApiRequest; token: string }> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const base = `http://${incoming.headers.host ?? '127.0.0.1'}`;
  const url = new URL(incoming.url ?? '/', base);
  const prefix = url.pathname.startsWith('/api/v3/') ? '/api/v3' : '';
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, [value].flat().join(', ')]);
  const request: ApiRequest = {
    method: incoming.method ?? 'GET',
    path: url.pathname.slice(prefix.length),
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(chunks).toString('utf8'),
    baseUrl: `${base}${prefix}`,
  };
  return { request, token: request.headers.authorization?.replace(/^(bearer|token)\s+/i, '') ?? '' };
}

function send(
  outgoing: ServerResponse,
  { status, headers, body }: ApiResponse,
  fault: Fault | undefined,
): void {
  const length = Buffer.byteLength(body);
  if (fault?.kind === 'reset') {
    outgoing.socket?.resetAndDestroy();
    return;
  }
  if (fault?.kind === 'stall' && fault.afterHeaders !== true) return;
  outgoing.writeHead(status, status === 304 ? headers : { ...headers, 'content-length': `${length}` });
  if (fault?.kind === 'stall') outgoing.flushHeaders();
  else if (fault?.kind === 'truncate') {
    outgoing.write(Buffer.from(body).subarray(0, length / 2), () => outgoing.destroy());
  } else outgoing.end(body);
}
