import type { Agent, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { request } from '@octokit/request';
import { describeNetworkError, prepareNetwork, proxyFor } from '@runner-actions/core';
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

type Send = (url: URL, init: Init) => Promise<IncomingMessage>;

/**
 * Opens a send function. It uses CONNECT through the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` select for
 * the URL, if any.
 */
async function openSend(): Promise<Send> {
  const [http, https] = await Promise.all([import('node:http'), import('node:https')]);
  const settings = prepareNetwork();
  const isProxySet = settings.http_proxy !== undefined || settings.https_proxy !== undefined;
  const proxies = isProxySet ? await import('https-proxy-agent') : undefined;
  const agents = new Map<string, Agent>();
  const agentFor = (url: URL): Agent | undefined => {
    const proxy = proxyFor(url, settings);
    if (proxy === undefined || proxies === undefined) return undefined;
    const agent = agents.get(proxy) ?? new proxies.HttpsProxyAgent(proxy, { keepAlive: true });
    agents.set(proxy, agent);
    return agent;
  };
  return (url, { body, ...init }) =>
    new Promise((resolve, reject) => {
      const open = url.protocol === 'http:' ? http.request : https.request;
      const request = open(url, { ...init, agent: agentFor(url) }, resolve);
      const fail = (error: Error): void => {
        reject(explained(error));
        request.destroy();
      };
      request.on('error', fail);
      // A request that waits for its proxy reports an abort only when it has a connection, which may be never.
      const abort = (): void => void setImmediate(fail, new Error('no response in time'));
      init.signal.addEventListener('abort', abort, { once: true });
      request.on('close', () => {
        init.signal.removeEventListener('abort', abort);
        reject(new Error('the connection ended without a response'));
      });
      request.on('upgrade', (_response, socket) => {
        socket.destroy();
        fail(new Error('the server switched to another protocol'));
      });
      // Without this, the proxy's own response would count as GitHub's, and without TLS.
      request.on('proxyConnect', ({ statusCode, headers }: ProxyResponse) => {
        if (statusCode !== 200) fail(new Error(refusalOf(statusCode, headers['proxy-authenticate'])));
      });
      request.end(body);
    });
}

interface ProxyResponse {
  statusCode: number;
  headers: Record<string, string | string[] | undefined>;
}

/** @param challenge how the proxy accepts a login, if it says so */
function refusalOf(status: number, challenge: string | string[] = 'Basic'): string {
  const login = /\bbasic\b/i.test(String(challenge))
    ? 'add its user and password to its address in HTTPS_PROXY'
    : 'it does not accept a user and a password (Basic), and other logins are not supported';
  const remedy = status === 407 ? `; ${login}` : '';
  return `the proxy refused the connection with status ${status}${remedy}`;
}

/** Octokit shows the message alone. It knows aborted requests by their error, so an error that needs no explanation stays as it is. */
function explained(error: Error): Error {
  const reason = describeNetworkError(error);
  return reason === error.message ? error : new Error(reason, { cause: error });
}

async function responseOf(message: IncomingMessage, url: URL): Promise<FetchResponse> {
  const { statusCode: status = 0, headers } = message;
  const body = await bodyOf(headers['content-encoding'] === 'gzip' ? await unzipped(message) : message);
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

async function bodyOf(stream: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    parts.push(part);
    length += part.length;
    if (length > maxBytes) throw new Error(`the response has more than ${maxBytes} bytes`);
  }
  return Buffer.concat(parts);
}

function asMap(headers: IncomingHttpHeaders): Map<string, string> {
  const entries = Object.entries(headers).map(
    ([name, value = '']) => [name, [value].flat().join(', ')] as const,
  );
  return new Map(entries);
}
