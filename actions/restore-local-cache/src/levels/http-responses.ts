import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

const maxRedirects = 5;

/**
 * Starts a download that may be large. It does not use `fetch`: if a server ends the connection while the reader is
 * behind, `fetch` of Node 24 throws where nobody can catch it and crashes the step. Source: issue 5360 of
 * nodejs/undici.
 * @returns the response, with any status; the caller must read or destroy it
 */
export async function getStream(
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  let [at, sent] = [new URL(url), headers];
  for (let redirects = 0; ; redirects += 1) {
    const message = await send(at, sent, signal);
    const { location } = message.headers;
    if (location === undefined || !isRedirect(message.statusCode) || redirects === maxRedirects)
      return message;
    message.destroy();
    const next = new URL(location, at);
    // Send credentials only to the first host.
    if (next.origin !== at.origin) sent = headers['range'] === undefined ? {} : { range: headers['range'] };
    at = next;
  }
}

function isRedirect(status = 0): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

function send(url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<IncomingMessage> {
  const request = url.protocol === 'http:' ? httpRequest : httpsRequest;
  return new Promise((resolve, reject) => {
    request(url, { headers, signal }, resolve).on('error', reject).end();
  });
}

/** Reads the start of an error response. */
export async function readShortText(message: IncomingMessage, most = 4096): Promise<string> {
  let text = '';
  for await (const part of message.setEncoding('utf8')) {
    text += String(part);
    if (text.length >= most) break;
  }
  return text.slice(0, most);
}

/**
 * Reads a response body, which may have a wrong length or never end.
 * @param most limit in bytes
 * @param cut return the first `most` bytes of a longer body
 * @throws Error if the body is longer and `cut` is not set
 */
export async function readBoundedText(response: Response, most: number, cut = false): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    parts.push(part);
    length += part.length;
    if (length <= most) continue;
    if (!cut) throw new Error(`the answer has more than ${most} bytes`);
    break;
  }
  return Buffer.concat(parts).subarray(0, most).toString();
}

/** How many bytes of an error response are read. */
export const maxReasonBytes = 4096;
