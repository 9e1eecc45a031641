import type { Agent, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { describeNetworkError, prepareNetwork, proxyFor } from './network.ts';

/** An HTTP request. An abort of `signal` ends it, and the response while it is read. */
export interface HttpRequest {
  method: string;
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
}

/**
 * Sends a request and returns its response as soon as that begins. Follows no redirect.
 * @throws Error if there is no response. Its message says why, and what to do about a proxy or a certificate
 */
export type HttpSend = (url: URL, request: HttpRequest) => Promise<IncomingMessage>;

/**
 * Opens a send function with Node's own HTTP clients: to load `fetch` takes longer than the start of Node. It uses CONNECT
 * through the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` select for the URL, if any.
 * @throws Error if a proxy variable is not an address
 */
export async function openSend(): Promise<HttpSend> {
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
      // Without this, the proxy's own response would count as the server's, and without TLS.
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

/** Callers show the message alone, and know aborted requests by their error, so an error that needs no explanation stays as it is. */
function explained(error: Error): Error {
  const reason = describeNetworkError(error);
  return reason === error.message ? error : new Error(reason, { cause: error });
}

/** Reads a body to its end. @throws Error as soon as it has more than `maxBytes` bytes */
export async function readBody(stream: Readable, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    parts.push(part);
    length += part.length;
    if (length > maxBytes) throw new Error(`the response has more than ${maxBytes} bytes`);
  }
  return Buffer.concat(parts);
}
