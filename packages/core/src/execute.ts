import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { monotonicNow } from './deadline.ts';
import type { Deadline } from './deadline.ts';

/** The result of a process. With `not-started`, `error` holds the reason (its `code` is ENOENT, EACCES, …). */
export interface Execution {
  status: 'exited' | 'signalled' | 'timed-out' | 'not-started';
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
  /** Whether output above the limit was read and dropped. */
  truncated: boolean;
  milliseconds: number;
  error?: NodeJS.ErrnoException;
}

export interface ExecuteOptions {
  cwd?: string;
  /** The complete environment. Default: the environment of this process. */
  env?: Record<string, string | undefined>;
  deadline?: Deadline;
  /** Milliseconds from the start of the process. Default: 60 s. */
  timeout?: number;
  /** How many bytes of each stream are kept. Default: 1 MiB. */
  limitBytes?: number;
  input?: string;
}

/**
 * Runs a process from an argument vector, without a shell, and waits for it. It never throws: see `Execution`. The
 * process gets its own process group. A timeout kills the whole group, so that no grandchild stays behind. The
 * function waits for `exit`, not for `close`, so that a daemon that keeps the pipes open does not block it.
 */
export async function execute(argv: readonly string[], options: ExecuteOptions = {}): Promise<Execution> {
  const started = monotonicNow();
  const limit = options.limitBytes ?? 1024 * 1024;
  const [file = '', ...rest] = argv;
  const timeout = Math.min(
    options.timeout ?? 60_000,
    options.deadline?.remaining() ?? Number.POSITIVE_INFINITY,
  );
  return new Promise((resolve) => {
    let timedOut = false;
    const child = start(file, rest, options);
    if (child instanceof Error) return resolve(notStarted(child, started));
    const stdout = collect(child.stdout, limit);
    const stderr = collect(child.stderr, limit);
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child);
    }, timeout);
    const finish = (ending: Pick<Execution, 'status' | 'code' | 'signal'> & { error?: Error }): void => {
      clearTimeout(timer);
      const truncated = stdout.truncated() || stderr.truncated();
      const milliseconds = monotonicNow() - started;
      resolve({ stdout: stdout.text(), stderr: stderr.text(), truncated, milliseconds, ...ending });
    };
    child.on('error', (error) => finish({ status: 'not-started', code: null, signal: null, error }));
    child.on('exit', (code, signal) => {
      const status = timedOut ? 'timed-out' : signal === null ? 'exited' : 'signalled';
      void Promise.race([Promise.all([stdout.ended, stderr.ended]), grace(500)]).then(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        finish({ status, code, signal });
      });
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input ?? '');
  });
}

function start(file: string, args: string[], options: ExecuteOptions): ChildProcess | NodeJS.ErrnoException {
  try {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      detached: process.platform !== 'win32',
      shell: false,
      stdio: 'pipe',
      windowsHide: true,
    });
    return child;
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
}

function notStarted(error: NodeJS.ErrnoException, started: number): Execution {
  const nothing = { code: null, signal: null, stdout: '', stderr: '', truncated: false };
  return { status: 'not-started', ...nothing, milliseconds: monotonicNow() - started, error };
}

function killGroup(child: ChildProcess): void {
  try {
    if (process.platform !== 'win32' && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // The process has ended already.
  }
}

function collect(stream: Readable | null, limit: number) {
  const chunks: Buffer[] = [];
  let kept = 0;
  let dropped = false;
  stream?.on('data', (chunk: Buffer) => {
    const part = chunk.subarray(0, limit - kept);
    dropped ||= part.length < chunk.length;
    kept += part.length;
    if (part.length > 0) chunks.push(part);
  });
  const ended = new Promise<void>((resolve) => {
    if (stream === null) return resolve();
    stream.on('close', resolve);
    stream.on('error', () => resolve());
  });
  return { ended, text: () => Buffer.concat(chunks).toString('utf8'), truncated: () => dropped };
}

function grace(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
