import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Deadline, describeNetworkError, messageOf } from '@runner-actions/core';
import { readBoundedText, getStream, maxReasonBytes, readShortText } from '../http-responses.ts';

/** An error response of a service, or no response. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly status: number | undefined;

  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}

const attempts = 3;

/**
 * Sends a request and retries it if the service or the network fails, until the deadline. A rate limit is not retried:
 * other clients wait too.
 * @param accept statuses from 400 that are not errors
 * @throws ServiceError for other statuses from 400, and if no response comes
 */
export function request(
  url: string,
  init: RequestInit & { duplex?: 'half' },
  deadline: Deadline,
  accept: readonly number[] = [],
): Promise<Response> {
  return retry(deadline, async () => {
    const response = await fetch(url, { ...init, signal: deadline.signal });
    if (response.ok || accept.includes(response.status)) return response;
    return responseError(
      response.status,
      await readBoundedText(response, maxReasonBytes, true),
      response.headers.get('retry-after'),
    );
  });
}

async function retry<Answer>(deadline: Deadline, ask: () => Promise<Answer | ServiceError>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask().catch((error: unknown) =>
      deadline.remaining() === 0
        ? new ServiceError('no answer in time', 408)
        : new ServiceError(causeOf(error)),
    );
    if (!(answer instanceof ServiceError)) return answer;
    const isPermanent = answer.status !== undefined && answer.status < 500;
    if (isPermanent || attempt === attempts || deadline.remaining() < 1000) throw answer;
    await sleep(250 * 2 ** attempt);
  }
}

function responseError(status: number, text: string, retry: string | null = null): ServiceError {
  const short = text.slice(0, 300).replaceAll(/\s+/g, ' ');
  const when = retry === null ? '' : ` (retry after ${retry} s)`;
  return new ServiceError(`${status} ${short}${when}`, status);
}

/** The message `fetch failed` is useless without its cause. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined
    ? describeNetworkError(error)
    : `${messageOf(error)}: ${describeNetworkError(cause)}`;
}

/** Milliseconds without data after which a transfer is retried. */
const stallTimeout = 30_000;

/**
 * Downloads an address. An interrupted transfer resumes where it stopped, at most three attempts. A transfer that ends
 * early counts as interrupted.
 * @throws ServiceError
 */
export async function* download(url: string, deadline: Deadline): AsyncGenerator<Uint8Array> {
  let at = 0;
  let length: number | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const headers: Record<string, string> = at === 0 ? {} : { range: `bytes=${at}-` };
    const message = await openDownload(url, headers, deadline);
    if (at > 0 && message.statusCode !== 206) {
      message.destroy();
      throw new ServiceError('the transfer was interrupted and cannot be resumed');
    }
    if (at === 0) length = Number(message.headers['content-length'] ?? Number.NaN);
    try {
      for await (const part of withStallTimeout(message)) {
        at += part.length;
        yield part;
      }
    } catch (error) {
      if (attempt === attempts || deadline.remaining() === 0)
        throw new ServiceError(`the transfer was interrupted after ${at} bytes: ${causeOf(error)}`);
      continue;
    }
    if (length === undefined || Number.isNaN(length) || at >= length) return;
    if (attempt === attempts) throw new ServiceError(`the transfer ended after ${at} of ${length} bytes`);
  }
}

function openDownload(
  url: string,
  headers: Record<string, string>,
  deadline: Deadline,
): Promise<IncomingMessage> {
  return retry(deadline, async () => {
    const message = await getStream(url, headers, deadline.signal);
    const { statusCode: status = 0 } = message;
    return status < 300 ? message : responseError(status, await readShortText(message));
  });
}

async function* withStallTimeout(message: IncomingMessage): AsyncGenerator<Uint8Array> {
  const parts = message[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  try {
    for (;;) {
      let timer: NodeJS.Timeout | undefined;
      const silence = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`no data for ${stallTimeout / 1000} s`)), stallTimeout);
      });
      try {
        const { done, value } = await Promise.race([parts.next(), silence]);
        if (done) return;
        yield value;
      } finally {
        clearTimeout(timer);
      }
    }
  } finally {
    message.destroy();
  }
}
