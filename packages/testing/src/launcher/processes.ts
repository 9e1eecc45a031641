import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';

export interface ProcessResult {
  exitCode: number;
  stdout: string;
  stderr: string;
  milliseconds: number;
}

/** The runner sends SIGINT, SIGTERM after 7.5 s, SIGKILL after 2.5 s more. In ms. Source: actions/runner, ProcessInvoker.cs. */
const interruptGrace = 7_500;
const terminateGrace = 2_500;
/** How long the runner waits for child processes that hold the output open. In ms. Source: actions/runner, ProcessInvoker.cs. */
const outputGrace = 5_000;

/** Runs a process as the runner does for a step. If a signal ends it, the exit code is 128 plus the signal's number. */
export function runProcess(
  argv: readonly string[],
  options: {
    cwd: string;
    env: Record<string, string>;
    /** Interrupts the process. */
    stop: AbortSignal;
    /** Called with each complete line of stdout and stderr. */
    onLine: (line: string) => void;
    onStart?: (pid: number) => void;
  },
): Promise<ProcessResult> {
  const started = performance.now();
  const [file = '', ...rest] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(file, rest, {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stdout = readLines(child.stdout, options.onLine);
    const stderr = readLines(child.stderr, options.onLine);
    const interrupt = (): void => interruptInSteps(child);
    if (options.stop.aborted) interrupt();
    options.stop.addEventListener('abort', interrupt, { once: true });
    child.on('spawn', () => {
      raiseOomScore(child.pid ?? 0, options.env);
      options.onStart?.(child.pid ?? 0);
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      options.stop.removeEventListener('abort', interrupt);
      const exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      const done = (): void =>
        resolve({ exitCode, stdout: stdout(), stderr: stderr(), milliseconds: performance.now() - started });
      const timer = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
        done();
      }, outputGrace);
      child.on('close', () => {
        clearTimeout(timer);
        done();
      });
    });
  });
}

/**
 * Splits a stream into lines. A line ends with LF, CR or CR LF, as for .NET's `ReadLine`.
 * @returns a function for the end of the stream, which passes on the last line and returns the whole text
 */
function readLines(stream: Readable, onLine: (line: string) => void): () => string {
  let text = '';
  let rest = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    // Removes a byte order mark at the start.
    rest += text === '' ? chunk.replace(/^\ufeff/, '') : chunk;
    text += chunk;
    // A CR at the end of a chunk may belong to a CR LF. The next chunk decides it.
    const lines = rest.split(/\r\n|\n|\r(?=[^])/);
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  });
  return () => {
    if (rest !== '') onLine(rest.replace(/\r$/, ''));
    rest = '';
    return text;
  };
}

/** Makes the kernel kill the step before the runner when memory runs out. Source: actions/runner, ProcessInvoker.cs. */
function raiseOomScore(pid: number, env: Record<string, string>): void {
  const wanted = Number(env['PIPELINE_JOB_OOMSCOREADJ'] ?? Number.NaN);
  const score = Number.isInteger(wanted) && Math.abs(wanted) <= 1000 ? wanted : 500;
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, String(score), { flag: 'r+' });
  } catch {
    // The system is not Linux, or the process has ended. The runner ignores this error too.
  }
}

function interruptInSteps(child: ChildProcess): void {
  child.kill('SIGINT');
  const terminate = setTimeout(() => child.kill('SIGTERM'), interruptGrace);
  const kill = setTimeout(() => child.kill('SIGKILL'), interruptGrace + terminateGrace);
  child.on('exit', () => {
    clearTimeout(terminate);
    clearTimeout(kill);
  });
}

/** Finds the processes with this tracking id in their environment. The runner kills them as orphans at the end of a job. */
export function findProcessesByTrackingId(trackingId: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const variables = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0');
        return variables.includes(`RUNNER_TRACKING_ID=${trackingId}`) && !isDying(name) ? [Number(name)] : [];
      } catch {
        return [];
      }
    });
}

/**
 * Reports whether a process has been killed, but is still listed.
 * Source: proc(5), `PF_EXITING` and `PF_SIGNALED` in the kernel's sched.h.
 */
function isDying(pid: string): boolean {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const pending = [...status.matchAll(/^(?:SigPnd|ShdPnd):\s*([0-9a-f]+)$/gm)].map(([, mask = '0']) =>
    BigInt(`0x${mask}`),
  );
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const flags = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[6] ?? 0);
  return pending.some((mask) => (mask & (1n << 8n)) !== 0n) || (flags & 0x4) !== 0 || (flags & 0x400) !== 0;
}

/** Kills processes with SIGKILL. Ignores a process that no longer exists. */
export function killProcesses(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // The process has already ended.
    }
  }
}
