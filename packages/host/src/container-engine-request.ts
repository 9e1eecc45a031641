import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type Deadline, formatBytes, messageOf } from '@runner-actions/core';

/** A request to a container engine that failed. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  /** The status of the answer; `undefined` without a valid answer. */
  readonly status: number | undefined;
  /** The system's error code, such as ENOENT; `undefined` if the engine answered. */
  readonly code: string | undefined;

  constructor(message: string, { status, code }: { status?: number; code?: string | undefined } = {}) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface EngineRequest {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  deadline: Deadline;
  /** Sent as JSON. */
  body?: object | undefined;
}

export interface EngineAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** Bytes. The list of a thousand containers has about 2 MB. */
const maxAnswer = 8 * 2 ** 20;

/**
 * Sends one request to the engine behind a Unix socket or a named pipe. Does not follow redirects, and uses neither a
 * proxy nor a connection of an earlier request.
 * @throws EngineError if there is no complete answer before the deadline, or it is larger than `limitBytes`
 */
export async function requestEngine(
  socket: string,
  { method, path, deadline, body }: EngineRequest,
  limitBytes = maxAnswer,
): Promise<EngineAnswer> {
  const { request } = await import('node:http');
  const time = Math.round(deadline.remaining() / 1000);
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const options = { socketPath: socket, method, path, agent: false as const, signal: deadline.signal };
      const type = body === undefined ? {} : { 'content-type': 'application/json' };
      request({ ...options, headers: { host: 'localhost', ...type } }, resolve)
        .on('error', reject)
        // Otherwise, Node would drop the connection without a response or an error.
        .on('upgrade', (_response, connection) => {
          connection.destroy();
          reject(new EngineError('it switched to another protocol'));
        })
        .end(body === undefined ? undefined : JSON.stringify(body));
    });
    const text = await readText(answer, limitBytes);
    return { status: answer.statusCode ?? 0, headers: answer.headers, text };
  } catch (error) {
    if (error instanceof EngineError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (deadline.signal.aborted) throw new EngineError(`it did not answer within ${time} s`, { code });
    throw new EngineError(messageOf(error), { code });
  }
}

async function readText(answer: IncomingMessage, limitBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  // If the connection ends before the answer is complete, the loop throws.
  for await (const part of answer as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > limitBytes) throw new EngineError(`its answer is larger than ${formatBytes(limitBytes)}`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
