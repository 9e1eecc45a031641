import { setTimeout as sleep } from 'node:timers/promises';
import { type Deadline, messageOf } from '@runner-actions/core';

/** What a service answered, or that nothing came. */
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
 * A request with a few more tries where the service or the network failed, all within the deadline. A rate limit is not tried
 * again: others wait, too.
 * @throws ServiceError for a status from 400 and for silence
 */
export async function request(
  url: string,
  init: RequestInit & { duplex?: 'half' },
  deadline: Deadline,
  accept: readonly number[] = [],
): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const problem = await once();
    if (problem instanceof Response) return problem;
    const lasts = problem.status !== undefined && problem.status < 500;
    if (lasts || attempt === attempts || deadline.remaining() < 1000) throw problem;
    await sleep(250 * 2 ** attempt);
  }

  async function once(): Promise<Response | ServiceError> {
    try {
      const response = await fetch(url, { ...init, signal: deadline.signal });
      if (response.ok || accept.includes(response.status)) return response;
      const text = (await response.text()).slice(0, 300).replaceAll(/\s+/g, ' ');
      const retry = response.headers.get('retry-after');
      const when = retry === null ? '' : ` (again after ${retry} s)`;
      return new ServiceError(`${response.status} ${text}${when}`, response.status);
    } catch (error) {
      if (deadline.remaining() === 0) return new ServiceError('no answer in time', 408);
      return new ServiceError(causeOf(error));
    }
  }
}

/** `fetch failed` says nothing; its cause does. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? messageOf(error) : `${messageOf(error)}: ${messageOf(cause)}`;
}

/** Silence of a transfer after which it is tried again. */
const stall = 30_000;

/**
 * The bytes at an address. A transfer that breaks off goes on where it stopped, three times; one that ends early is one that broke off.
 * @throws ServiceError
 */
export async function* download(url: string, deadline: Deadline): AsyncGenerator<Uint8Array> {
  let at = 0;
  let length: number | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const headers = at === 0 ? {} : { range: `bytes=${at}-` };
    const response = await request(url, { headers }, deadline);
    if (at > 0 && response.status !== 206)
      throw new ServiceError('the transfer broke off, and cannot be resumed');
    if (at === 0) length = Number(response.headers.get('content-length') ?? Number.NaN);
    try {
      for await (const part of watched(response)) {
        at += part.length;
        yield part;
      }
    } catch (error) {
      if (attempt === attempts || deadline.remaining() === 0)
        throw new ServiceError(`the transfer broke off after ${at} bytes: ${causeOf(error)}`);
      continue;
    }
    if (length === undefined || Number.isNaN(length) || at >= length) return;
    if (attempt === attempts) throw new ServiceError(`the transfer ended after ${at} of ${length} bytes`);
  }
}

async function* watched(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      let timer: NodeJS.Timeout | undefined;
      const silence = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`nothing came for ${stall / 1000} s`)), stall);
      });
      try {
        const { done, value } = await Promise.race([reader.read(), silence]);
        if (done) return;
        yield value;
      } finally {
        clearTimeout(timer);
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
