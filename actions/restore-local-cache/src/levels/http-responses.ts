import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

const maxRedirects = 5;

/**
 * Begins to fetch what may be large. Not by `fetch`: where a server ends the connection while the reader is behind, that of
 * Node 24 throws where nobody can catch it, and takes the step with it. Source: issue 5360 of nodejs/undici.
 * @returns the answer, whatever its status; it must be read or destroyed
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
    // What says who we are is for the first host only.
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

/** The text of an answer that says what went wrong, as far as anyone reads it. */
export async function readShortText(message: IncomingMessage, most = 4096): Promise<string> {
  let text = '';
  for await (const part of message.setEncoding('utf8')) {
    text += String(part);
    if (text.length >= most) break;
  }
  return text.slice(0, most);
}

/**
 * The text of an answer, which may lie about its length or never end.
 * @param most bytes
 * @throws Error where it has more, and `cut` is not set
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

/** What is read of the reason for a refusal, in bytes. */
export const maxReasonBytes = 4096;
