import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerBlobRequest, type BlobFault } from './blobs.ts';
import { findEntry, type CacheEntry, writableScope } from './entries.ts';
import { type Scope, scopesIn } from './token.ts';

/** GitHub's cache service in memory. It supports the requests that `@actions/cache` and our own client send. */
export interface CacheService {
  /** The variables with which the runner tells an action how to reach the service. */
  env: Record<string, string>;
  /** Returns the keys of complete entries, oldest first. */
  keys(): string[];
  /** Names of the methods that were called. Transfers are `GET blob` and `PUT blob`. */
  calls: string[];
  /** Returns the content of an entry. */
  body(key: string): Buffer;
  /** Replaces the content of an entry, to test a service that returns wrong data. */
  replaceBody(key: string, body: Buffer): void;
  /** Adds an entry, as if another client had saved it. Default scope: `refs/heads/main`. */
  add(entry: { key: string; version: string; scope?: string; body: Buffer }): void;
  /** Makes all later calls fail; `undefined` ends this. */
  fail(fault: Fault | undefined): void;
  /** Makes later downloads of blobs fail; `undefined` ends this. */
  failBlobs(fault: BlobFault | undefined): void;
  stop(): Promise<void>;
}

/** A status, no response (`hang`), a page that is not JSON (`html`), or reading or writing denied. */
export type Fault = number | 'hang' | 'html' | 'read-denied' | 'write-denied';

export interface CacheServiceOptions {
  /** 2: Twirp calls in JSON and signed blob URLs (default). 1: the REST API of GitHub Enterprise Server and act. */
  protocol?: 1 | 2;
  /** Returns the URL of a blob, for tests with a real blob store. Default: a URL of this service. */
  signBlob?: (id: number) => string;
  /** Converts keys to lower case, as act's server does. */
  smallKeys?: boolean;
}

interface State {
  entries: CacheEntry[];
  calls: string[];
  fault: Fault | undefined;
  blobFault: BlobFault | undefined;
  url: string;
  signBlob: (id: number) => string;
  normalizeKey: (key: string) => string;
}

type Json = Record<string, unknown>;
type Reply = [status: number, json: Json | undefined];

/**
 * Starts a cache service on 127.0.0.1.
 * Source: `@actions/cache` 6.3, `cacheTwirpClient`, `cacheHttpClient` and `uploadUtils`.
 */
export async function startCacheService({
  protocol = 2,
  signBlob,
  smallKeys = false,
}: CacheServiceOptions = {}): Promise<CacheService> {
  const state: State = {
    entries: [],
    calls: [],
    fault: undefined,
    blobFault: undefined,
    url: '',
    signBlob: signBlob ?? ((id) => `${state.url}/blob/${id}?sig=x`),
    normalizeKey: (key) => (smallKeys ? key.toLowerCase() : key),
  };
  const server = createServer((request, response) => {
    readBody(request)
      .then((body) => handleRequest(state, request, response, body))
      // The client has closed the connection.
      .catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const find = (key: string) => {
    const entry = state.entries.find((candidate) => candidate.key === key && candidate.done);
    if (entry === undefined) throw new Error(`The cache service has no entry ${key}`);
    return entry;
  };
  const protocol2 = { ACTIONS_CACHE_SERVICE_V2: 'true', ACTIONS_RESULTS_URL: `${state.url}/` };
  return {
    env: {
      ...(protocol === 2 ? protocol2 : { ACTIONS_CACHE_URL: `${state.url}/` }),
      ACTIONS_RUNTIME_TOKEN: 'runtime-token',
    },
    keys: () => state.entries.filter(({ done }) => done).map(({ key }) => key),
    calls: state.calls,
    body: (key) => find(key).body,
    replaceBody: (key, body) => (find(key).body = body),
    add: ({ scope = 'refs/heads/main', ...entry }) =>
      state.entries.push({ ...entry, scope, blocks: new Map(), done: true }),
    fail: (fault) => (state.fault = fault),
    failBlobs: (fault) => (state.blobFault = fault),
    stop: () => stop(server),
  };
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((stopped) => server.close(() => stopped()));
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function handleRequest(state: State, request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x');
  const blob = /^\/blob\/(\d+)$/.exec(pathname)?.[1];
  if (blob !== undefined) {
    state.calls.push(`${request.method} blob`);
    const [fault, afterFault] = [state.blobFault, () => (state.blobFault = undefined)];
    return answerBlobRequest(request, response, state.entries[Number(blob)], { body, fault, afterFault });
  }
  const scopes = scopesIn((request.headers.authorization ?? '').replace('Bearer ', ''));
  const isTwirp = pathname.startsWith('/twirp/');
  const method = isTwirp
    ? (pathname.split('/').at(-1) ?? '')
    : `${request.method} ${pathname.replace('/_apis/artifactcache/', '')}`;
  state.calls.push(method);
  if (state.fault === 'hang') return;
  if (state.fault === 'html') return void response.writeHead(200).end('<html>a proxy’s page</html>');
  const [status, json] =
    faultReply(state.fault, method) ??
    (isTwirp
      ? twirp(state, scopes, method, JSON.parse(body.toString()) as Json)
      : rest(state, scopes, { request, method, query: searchParams, body }));
  const headers = status === 429 ? { 'retry-after': '7' } : {};
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(json === undefined ? undefined : JSON.stringify(json));
}

function faultReply(fault: Fault | undefined, method: string): Reply | undefined {
  if (typeof fault === 'number') return [fault, { msg: 'down' }];
  const isRead = method === 'GetCacheEntryDownloadURL' || method === 'GET cache';
  if (fault === 'read-denied' && isRead)
    return [403, { code: 'permission_denied', msg: 'cache read denied: the token may not read' }];
  if (fault === 'write-denied' && method === 'CreateCacheEntry')
    return [200, { ok: false, message: 'cache write denied: the token may only read' }];
  return undefined;
}

function reserve(
  state: State,
  scopes: readonly Scope[],
  key: string,
  version: string,
): number | 'exists' | 'denied' {
  const scope = writableScope(scopes);
  if (scope === undefined) return 'denied';
  const isSame = (entry: CacheEntry) =>
    entry.key === key && entry.version === version && entry.scope === scope;
  if (state.entries.some((entry) => isSame(entry) && entry.done)) return 'exists';
  state.entries.push({ key, version, scope, body: Buffer.alloc(0), blocks: new Map(), done: false });
  return state.entries.length - 1;
}

function twirp(state: State, scopes: readonly Scope[], method: string, request: Json): Reply {
  const [key, version] = [state.normalizeKey(String(request['key'])), String(request['version'])];
  if (method === 'CreateCacheEntry') {
    const id = reserve(state, scopes, key, version);
    if (id === 'exists') return [409, { code: 'already_exists', msg: 'exists' }];
    if (id === 'denied') return [200, { ok: false, message: 'cache write denied: no scope' }];
    return [200, { ok: true, signed_upload_url: state.signBlob(id) }];
  }
  if (method === 'FinalizeCacheEntryUpload') {
    const entry = state.entries.findLast(
      (candidate) => candidate.key === key && candidate.version === version && !candidate.done,
    );
    if (entry !== undefined) entry.done = true;
    return [200, { ok: entry !== undefined, entry_id: String(state.entries.length) }];
  }
  const keys = [key, ...((request['restore_keys'] as string[] | undefined) ?? [])];
  const entry = findEntry(state.entries, scopes, { keys: keys.map(state.normalizeKey), version });
  if (entry === undefined) return [200, { ok: false, signed_download_url: '', matched_key: '' }];
  const url = state.signBlob(state.entries.indexOf(entry));
  return [200, { ok: true, signed_download_url: url, matched_key: entry.key }];
}

function rest(
  state: State,
  scopes: readonly Scope[],
  {
    request,
    method,
    query,
    body,
  }: { request: IncomingMessage; method: string; query: URLSearchParams; body: Buffer },
): Reply {
  if (method === 'GET cache') {
    const keys = (query.get('keys') ?? '').split(',').map(state.normalizeKey);
    const entry = findEntry(state.entries, scopes, { keys, version: query.get('version') ?? '' });
    if (entry === undefined) return [204, undefined];
    return [200, { cacheKey: entry.key, archiveLocation: state.signBlob(state.entries.indexOf(entry)) }];
  }
  if (method === 'POST caches') {
    const { key, version } = JSON.parse(body.toString()) as { key: string; version: string };
    const id = reserve(state, scopes, state.normalizeKey(key), version);
    if (typeof id === 'number') return [201, { cacheId: id }];
    return [id === 'exists' ? 409 : 403, { message: id }];
  }
  const entry = state.entries[Number(/caches\/(\d+)$/.exec(method)?.[1] ?? -1)];
  if (entry === undefined) return [404, { message: 'no such cache' }];
  if (method.startsWith('PATCH')) {
    const start = Number(/bytes (\d+)-/.exec(request.headers['content-range'] ?? '')?.[1] ?? 0);
    entry.body = Buffer.concat([entry.body.subarray(0, start), body]);
    return [204, undefined];
  }
  entry.done = true;
  return [204, undefined];
}
