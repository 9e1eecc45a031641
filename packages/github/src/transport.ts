import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { request } from '@octokit/request';
import { openSend, readBody } from '@runner-actions/core';
import type { Headers } from './classify.ts';

export type Request = (
  route: string,
  parameters: Record<string, unknown>,
) => Promise<{ data: unknown; status: number; headers: Headers }>;

/**
 * Opens Octokit's request function with a token. Node's own HTTP clients send the requests: to load `fetch` takes
 * longer than the start of Node, and `fetch` uses a proxy only if an option was set when Node started.
 */
export async function openRequest(token: string, apiUrl: string): Promise<Request> {
  const silent = () => undefined;
  return request.defaults({
    baseUrl: apiUrl,
    headers: { authorization: `token ${token}`, 'user-agent': 'runner-actions' },
    request: {
      log: { debug: silent, info: silent, warn: silent, error: silent },
      fetch: await openFetch(),
    },
  });
}

/** The part of the options of `fetch` that Octokit uses. */
interface Init {
  method: string;
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
}

interface FetchResponse {
  status: number;
  url: string;
  headers: Map<string, string>;
  text(): Promise<string>;
  arrayBuffer(): Promise<Uint8Array>;
}

const maxRedirects = 5;
/** Bytes of a decompressed response. GitHub's largest pages have a few MiB. */
const maxBytes = 64 << 20;

async function openFetch(): Promise<(url: string, init: Init) => Promise<FetchResponse>> {
  const send = await openSend();
  return async (address, init) => {
    let [url, headers] = [
      new URL(address),
      { ...init.headers, 'accept-encoding': 'gzip' } as Init['headers'],
    ];
    for (let redirects = 0; ; redirects += 1) {
      const message = await send(url, { ...init, headers });
      const { statusCode: status = 0, headers: responseHeaders } = message;
      if (![301, 302, 303, 307, 308].includes(status)) return responseOf(message, url);
      message.resume();
      if (
        !isFollowed(init.method, status) ||
        responseHeaders.location === undefined ||
        redirects === maxRedirects
      )
        throw new Error(
          `it was redirected to ${responseHeaders.location} (${status}), and this redirect is not followed`,
        );
      const next = new URL(responseHeaders.location, url);
      // Send the token only to the first host.
      if (next.origin !== url.origin) {
        const { authorization: _, ...rest } = headers;
        headers = rest;
      }
      url = next;
    }
  };
}

/**
 * Whether to follow a redirect. GitHub redirects after a repository was renamed. A POST is sent again only for 307
 * and 308.
 */
function isFollowed(method: string, status: number): boolean {
  return [307, 308].includes(status) || (method === 'GET' && [301, 302].includes(status));
}

async function responseOf(message: IncomingMessage, url: URL): Promise<FetchResponse> {
  const { statusCode: status = 0, headers } = message;
  const body = await readBody(
    headers['content-encoding'] === 'gzip' ? await unzipped(message) : message,
    maxBytes,
  );
  return {
    status,
    url: url.href,
    headers: asMap(headers),
    text: async () => body.toString('utf8'),
    arrayBuffer: async () => body,
  };
}

/** Decompresses the body. Errors of both streams reach the reader of the result. */
async function unzipped(message: IncomingMessage): Promise<Readable> {
  const { createGunzip } = await import('node:zlib');
  const unzip = createGunzip();
  message.on('error', (error) => unzip.destroy(error));
  return message.pipe(unzip);
}

function asMap(headers: IncomingHttpHeaders): Map<string, string> {
  const entries = Object.entries(headers).map(
    ([name, value = '']) => [name, [value].flat().join(', ')] as const,
  );
  return new Map(entries);
}
