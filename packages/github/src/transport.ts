import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { getProxyUrl } from '@actions/http-client/lib/proxy';
import { request } from '@octokit/request';
import type { Headers } from './classify.ts';

export type Request = (
  route: string,
  parameters: Record<string, unknown>,
) => Promise<{ data: unknown; status: number; headers: Headers }>;

/** Octokit's requests with a token; through the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` name for the address, if any. */
export async function openRequest(token: string, apiUrl: string): Promise<Request> {
  const proxy = getProxyUrl(new URL(apiUrl));
  const silent = () => undefined;
  return request.defaults({
    baseUrl: apiUrl,
    headers: { authorization: `token ${token}`, 'user-agent': 'runner-actions' },
    request: {
      log: { debug: silent, info: silent, warn: silent, error: silent },
      ...(proxy === undefined ? {} : { fetch: await fetchThrough(proxy) }),
    },
  });
}

const mostRedirects = 5;

interface Init {
  method: string;
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
}

/**
 * As much of `fetch` as Octokit's requests need, through a proxy that is asked to CONNECT. Node's own `fetch` looks at a proxy only
 * where Node was told at its start, which the runner does not do.
 */
async function fetchThrough(proxy: URL): Promise<(url: string, init: Init) => Promise<Response>> {
  const { HttpsProxyAgent } = await import('https-proxy-agent');
  const modules = { 'http:': await import('node:http'), 'https:': await import('node:https') };
  const agent = new HttpsProxyAgent(proxy.href, { keepAlive: true });
  const send = (url: URL, { body, ...init }: Init) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const { request: open } = modules[url.protocol as keyof typeof modules];
      open(url, { ...init, agent }, resolve)
        .on('error', reject)
        .end(body);
    });
  return async (address, init) => {
    let [url, { headers }] = [new URL(address), init];
    for (let redirects = 0; ; redirects += 1) {
      const message = await send(url, { ...init, headers });
      const { statusCode: status = 0, headers: answered } = message;
      if (![301, 302, 303, 307, 308].includes(status)) return asResponse(message);
      message.resume();
      if (!isFollowed(init.method, status) || answered.location === undefined || redirects === mostRedirects)
        throw new Error(`it was redirected to ${answered.location} (${status}), which is not followed`);
      const next = new URL(answered.location, url);
      // The token is for the first host only.
      if (next.origin !== url.origin) {
        const { authorization: _, ...rest } = headers;
        headers = rest;
      }
      url = next;
    }
  };
}

/** GitHub redirects where a repository was renamed. A POST is sent again only where the answer says so. */
function isFollowed(method: string, status: number): boolean {
  return [307, 308].includes(status) || (method === 'GET' && [301, 302].includes(status));
}

function asResponse(message: IncomingMessage): Response {
  const { statusCode: status = 0, statusMessage: statusText = '', headers } = message;
  const empty = [204, 205, 304].includes(status);
  if (empty) message.resume();
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
  return new Response(empty ? null : (Readable.toWeb(message) as ReadableStream), {
    status,
    statusText,
    headers: entries,
  });
}
