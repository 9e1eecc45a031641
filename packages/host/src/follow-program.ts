import { type ChildProcess, spawn } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';

/** A program that prints lines until it is closed. */
export interface FollowedProgram {
  /** Why it no longer runs, on one line; `undefined` while it does. */
  ending(): string | undefined;
  /** Kills it, if it runs. */
  close(): void;
}

export interface FollowOptions {
  /** Gets each whole line, without its end. @returns whether it was data, not a message */
  onLine: (line: string) => boolean;
  /** The complete environment. Default: that of this process. */
  environment?: Readonly<Record<string, string | undefined>>;
}

/** Longer lines are dropped. */
const lineLimit = 64 * 1024;
/** Characters of an error message to keep. */
const wordsLimit = 200;

/**
 * Starts a program from an argument vector, without a shell, and hands on its lines. It never throws and
 * never waits, and does not keep this process alive. If this process is killed, the program ends at its next
 * line, as its pipe is broken. It is not started again.
 */
export function followProgram(
  argv: readonly string[],
  { onLine, environment = process.env }: FollowOptions,
): FollowedProgram {
  const [program = '', ...rest] = argv;
  let ending: string | undefined;
  let words = '';
  const end = (reason: string): void => {
    ending ??= reason;
  };
  let child: ChildProcess | undefined;
  try {
    child = spawn(program, rest, {
      ...{ env: { ...environment }, shell: false, windowsHide: true },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    end(`${program} could not be started: ${(error as Error).message}`);
  }
  if (child === undefined) return { ending: () => ending, close: () => undefined };
  child.on('error', (error: NodeJS.ErrnoException) => end(whyNotStarted(program, error)));
  // After `close`, all that it said has been read.
  child.on('close', (code, signal) => {
    end(`${program} ended with ${signal ?? `code ${code}`}${words === '' ? '' : `: ${words}`}`);
  });
  // The first of several lines of an error says most.
  const message = (line: string): void => {
    words ||= shortened(line);
  };
  const lines = splitLines((line) => {
    if (onLine(line)) words = '';
    else message(line);
  });
  const errors = splitLines(message);
  child.stdout?.on('data', lines);
  child.stderr?.on('data', errors);
  release(child);
  return { ending: () => ending, close: () => void child.kill('SIGKILL') };
}

function whyNotStarted(program: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return `${program} was not found`;
  return `${program} could not be started: ${message}`;
}

/** Lets this process end although the program runs. */
function release(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
    stream?.on('error', () => undefined);
  }
}

/**
 * Returns a function that takes the bytes as they come. Half a line waits for its rest; one without end is
 * dropped.
 */
export function splitLines(onLine: (line: string) => void): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let isDropping = false;
  return (chunk) => {
    const parts = (rest + decoder.write(chunk)).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      if (!isDropping && part.length <= lineLimit) onLine(part.endsWith('\r') ? part.slice(0, -1) : part);
      isDropping = false;
    }
    if (rest.length <= lineLimit) return;
    isDropping = true;
    rest = '';
  };
}

/** A line of a program as part of a sentence. */
function shortened(line: string): string {
  const plain = line.replace(/[\p{Cc}\p{Cf}]/gu, ' ').trim();
  return plain.length > wordsLimit ? `${plain.slice(0, wordsLimit)}…` : plain;
}
