import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { handleRequest } from './handle-request.ts';
import type { ApiRequest, ApiResponse, RecordedRequest } from './exchange.ts';
import { alterRequest, alterResponse, type Fault, type FaultRule, pickFault } from './faults.ts';
import { currentTime, type Fleet } from './fleet.ts';

/** A simulated GitHub API on this machine. */
export interface Simulator {
  /** Base address of the API, without a slash at the end. `/api/v3` may be appended, as on an Enterprise Server. */
  readonly url: string;
  /** All requests so far with their responses, in order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** Returns the current fleet, with the changes of re-runs and cancellations. */
  fleet(): Fleet;
  setFleet(fleet: Fleet): void;
  /** Changes the fleet after each request whose path with query matches, before the next request. */
  changeAfter(match: RegExp, change: (before: Fleet) => Fleet): void;
  /** Adds a fault for later requests. */
  fault(rule: FaultRule): void;
  /** Stops the server and closes all connections, including stalled ones. */
  stop(): Promise<void>;
}

interface SimulatorState {
  fleet: Fleet;
  requests: RecordedRequest[];
  rules: FaultRule[];
  changes: { match: RegExp; change: (before: Fleet) => Fleet }[];
  /** How often each rule was used. */
  timesUsed: Map<FaultRule, number>;
  /** How many requests of each token counted against the rate limit. */
  counted: Map<string, number>;
}

/** Starts a simulator on 127.0.0.1. @param options `port` 0, the default, selects a free port */
export async function startSimulator(fleet: Fleet, { port = 0 } = {}): Promise<Simulator> {
  const state: SimulatorState = {
    fleet,
    requests: [],
    rules: [],
    changes: [],
    timesUsed: new Map(),
    counted: new Map(),
  };
  const server = createServer((incoming, outgoing) => {
    serve(state, incoming, outgoing).catch((error: Error) => outgoing.destroy(error));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: state.requests,
    fleet: () => state.fleet,
    setFleet: (next) => void (state.fleet = next),
    changeAfter: (match, change) => void state.changes.push({ match, change }),
    fault: (rule) => void state.rules.push(rule),
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

async function serve(
  state: SimulatorState,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { request, token } = await readRequest(incoming);
  const target = `${request.path}?${new URLSearchParams(request.query)}`.replace(/\?$/, '');
  const fault = pickFault(state.rules, target, state.timesUsed);
  const { response, fleet, counts } = handleRequest(
    state.fleet,
    alterRequest(fault, request),
    state.counted.get(token) ?? 0,
  );
  const altered =
    fault === undefined ? response : alterResponse(fault, request, response, currentTime(state.fleet));
  // A request that fails does not change the fleet.
  if (altered.status < 400) state.fleet = fleet;
  if (counts) state.counted.set(token, (state.counted.get(token) ?? 0) + 1);
  const { method, path, query, headers, body } = request;
  state.requests.push({
    ...{ method, path, query, headers, body },
    ...(token === '' ? {} : { token }),
    response: altered,
    ...(fault === undefined ? {} : { fault: fault.kind }),
  });
  for (const { match, change } of state.changes) if (match.test(target)) state.fleet = change(state.fleet);
  if (fault?.kind === 'delay') await setTimeout(fault.milliseconds);
  // The `date` header shows the fleet's time, as GitHub's clock.
  const date = new Date(currentTime(state.fleet)).toUTCString();
  send(outgoing, { ...altered, headers: { date, ...altered.headers } }, fault);
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
