import { spawn } from 'node:child_process';
import { readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Deadline } from './deadline.ts';

/** The reply of a helper process: one line in JSON. */
export type HelperReply = { ok: true; result: unknown } | { ok: false; message: string };

/** Variables that may contain secrets. They are not passed to a process that may stay behind. */
const secretVariables = /^(?:INPUT|AWS|ACTIONS)_/;
/** Characters of a reply. */
const maxReply = 64 * 1024 * 1024;

/** Thrown if a helper process does not answer before its deadline. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/**
 * Asks a helper process, which is an additional entry of the bundle. It makes calls into a file system that may never
 * return. Such a process cannot be killed, so it is abandoned.
 * @param entry the name of the entry
 * @param request given to the helper in JSON
 * @param files file descriptors for the helper. They get the numbers from 3 on there
 * @returns the result of the helper
 * @throws Error with the message of the helper; NoAnswer if it does not answer before the deadline
 */
export function askHelper(
  entry: string,
  request: unknown,
  deadline: Deadline,
  files: readonly number[] = [],
): Promise<unknown> {
  const script = join(dirname(process.argv[1] ?? ''), entry, 'index.js');
  const child = spawn(process.execPath, [script], {
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !secretVariables.test(name))),
    stdio: ['pipe', 'pipe', 'ignore', ...files],
    detached: true,
    windowsHide: true,
  });
  const [input, output] = child.stdio;
  return new Promise((resolve, reject) => {
    const milliseconds = Math.round(deadline.remaining());
    const abandon = (): void => {
      child.kill('SIGKILL');
      output?.destroy();
      child.unref();
      reject(new NoAnswer(`it did not answer within ${milliseconds} ms`));
    };
    const timer = setTimeout(abandon, milliseconds);
    const end = (finish: () => void): void => {
      clearTimeout(timer);
      finish();
    };
    let text = '';
    output?.setEncoding('utf8').on('data', (part: string) => {
      text += part.slice(0, maxReply - text.length);
    });
    output?.on('end', () => end(() => finishWith(text, resolve, reject)));
    child.on('error', (error) => end(() => reject(error)));
    // The helper may end before it has read everything. Then its reply is missing, too.
    input?.on('error', () => undefined).end(JSON.stringify(request));
  });
}

function finishWith(text: string, resolve: (result: unknown) => void, reject: (error: Error) => void): void {
  try {
    const reply = JSON.parse(text) as HelperReply;
    if (reply.ok) resolve(reply.result);
    else reject(new Error(reply.message));
  } catch {
    reject(new Error('the helper process ended without a reply'));
  }
}

/**
 * Answers the request to this helper process. Call it once, at the end of the entry.
 * @param answer may return a promise
 * @param readableMessage changes the message of an error, such as paths in it
 */
export async function answerRequest<R>(
  answer: (request: R) => unknown,
  readableMessage = (message: string): string => message,
): Promise<void> {
  let reply: HelperReply;
  try {
    reply = { ok: true, result: await answer(JSON.parse(readFileSync(0, 'utf8')) as R) };
  } catch (error) {
    reply = { ok: false, message: readableMessage((error as Error).message) };
  }
  writeAll(1, Buffer.from(`${JSON.stringify(reply)}\n`));
}

function writeAll(file: number, bytes: Buffer): void {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(writeSync(file, rest));
}
