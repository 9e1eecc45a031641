import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** GitHub's cache service, as far as `@actions/cache` asks it, in memory. */
export interface CacheService {
  /** What the runner gives an action to reach it. */
  env: Record<string, string>;
  /** Keys that were saved whole, in order. */
  keys(): string[];
  /** Names of the methods that were called. */
  calls: string[];
  /** From now on each call is answered with this status. */
  fail(status: number): void;
  stop(): Promise<void>;
}

interface Stored {
  key: string;
  version: string;
  body: Buffer;
  done: boolean;
}

interface Request {
  key: string;
  restore_keys?: string[];
  version: string;
}

/**
 * Starts the second protocol: Twirp calls in JSON, and blobs by PUT and GET at signed addresses. A plain address is
 * uploaded and downloaded in one request. Source: `@actions/cache` 6.3, `cacheTwirpClient` and `uploadUtils`.
 */
export async function startCacheService(): Promise<CacheService> {
  const entries: Stored[] = [];
  const calls: string[] = [];
  let failure: number | undefined;
  let url = '';
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const path = new URL(request.url ?? '/', 'http://x').pathname;
      const blob = /^\/blob\/(\d+)$/.exec(path)?.[1];
      if (blob !== undefined) {
        const entry = entries[Number(blob)];
        if (entry === undefined) return response.writeHead(404).end();
        if (request.method === 'PUT') entry.body = body;
        const headers = { 'x-ms-request-id': '1', etag: '"1"', 'last-modified': new Date().toUTCString() };
        if (request.method === 'PUT') return response.writeHead(201, headers).end();
        return response.writeHead(200, { ...headers, 'content-length': entry.body.length }).end(entry.body);
      }
      const method = path.split('/').at(-1) ?? '';
      calls.push(method);
      const [status, json] =
        failure === undefined
          ? call(entries, url, method, JSON.parse(body.toString()) as Request)
          : [failure, { msg: 'down' }];
      return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    env: {
      ACTIONS_CACHE_SERVICE_V2: 'true',
      ACTIONS_RESULTS_URL: `${url}/`,
      ACTIONS_RUNTIME_TOKEN: 'runtime-token',
    },
    keys: () => entries.filter(({ done }) => done).map(({ key }) => key),
    calls,
    fail: (status) => (failure = status),
    stop: () => {
      server.closeAllConnections();
      return new Promise((stopped) => server.close(() => stopped()));
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A call of the service: status and body. */
function call(entries: Stored[], url: string, method: string, request: Request): [number, object] {
  const same = entries.filter(({ version, done }) => version === request.version && done);
  if (method === 'CreateCacheEntry') {
    if (same.some(({ key }) => key === request.key)) return [409, { code: 'already_exists', msg: 'exists' }];
    entries.push({ ...request, body: Buffer.alloc(0), done: false });
    return [200, { ok: true, signed_upload_url: `${url}/blob/${entries.length - 1}?sig=x` }];
  }
  if (method === 'FinalizeCacheEntryUpload') {
    const entry = entries.find(
      ({ key, version, done }) => key === request.key && version === request.version && !done,
    );
    if (entry !== undefined) entry.done = true;
    return [200, { ok: entry !== undefined, entry_id: String(entries.length) }];
  }
  const prefixes = [request.key, ...(request.restore_keys ?? [])];
  const exact = same.find(({ key }) => key === request.key);
  const entry =
    exact ??
    prefixes
      .map((prefix) => same.findLast(({ key }) => key.startsWith(prefix)))
      .find((found) => found !== undefined);
  if (entry === undefined) return [200, { ok: false, signed_download_url: '', matched_key: '' }];
  return [
    200,
    {
      ok: true,
      signed_download_url: `${url}/blob/${entries.indexOf(entry)}?sig=x`,
      matched_key: entry.key,
    },
  ];
}
