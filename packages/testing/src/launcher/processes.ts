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

/** How the runner cancels: SIGINT, SIGTERM after 7.5 s, SIGKILL after 2.5 s more. Source: actions/runner, ProcessInvoker.cs. */
const interruptGrace = 7_500;
const terminateGrace = 2_500;
/** How long the runner waits for a child that holds the output open. Source: actions/runner, ProcessInvoker.cs. */
const outputGrace = 5_000;

/** Starts a process as the runner does for a step and waits for it. Of a signal the exit code is 128 and its number. */
export function runProcess(
  argv: readonly string[],
  options: {
    cwd: string;
    env: Record<string, string>;
    /** Interrupts the process. */
    stop: AbortSignal;
    /** Each line of either stream, as soon as it is whole. */
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
      makeKillable(child.pid ?? 0, options.env);
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

/** Hands lines on; a line ends as .NET's `ReadLine` ends one: at LF, CR or both. The answer gives the text so far, and what is left as the last line. */
function readLines(stream: Readable, onLine: (line: string) => void): () => string {
  let text = '';
  let rest = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    // A mark of byte order at the start is taken off.
    rest += text === '' ? chunk.replace(/^\ufeff/, '') : chunk;
    text += chunk;
    // Whether a CR at the end is half of a line's end is known with the next chunk.
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

/** When memory is short, the kernel ends steps before the runner. Source: actions/runner, ProcessInvoker.cs. */
function makeKillable(pid: number, env: Record<string, string>): void {
  const wanted = Number(env['PIPELINE_JOB_OOMSCOREADJ'] ?? Number.NaN);
  const score = Number.isInteger(wanted) && Math.abs(wanted) <= 1000 ? wanted : 500;
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, String(score), { flag: 'r+' });
  } catch {
    // Another system, or a process that has ended: the runner passes over that as well.
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

/** The processes whose environment carries this tracking id: what the runner kills as orphans when the job ends. */
export function findOrphans(trackingId: string): number[] {
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

/** Whether a process has been killed, although it is still to be seen. Source: proc(5), `PF_EXITING` and `PF_SIGNALED` of the kernel's sched.h. */
function isDying(pid: string): boolean {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const pending = [...status.matchAll(/^(?:SigPnd|ShdPnd):\s*([0-9a-f]+)$/gm)].map(([, mask = '0']) =>
    BigInt(`0x${mask}`),
  );
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const flags = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[6] ?? 0);
  return pending.some((mask) => (mask & (1n << 8n)) !== 0n) || (flags & 0x4) !== 0 || (flags & 0x400) !== 0;
}

/** Ends processes by force; one that has ended by itself since it was found is no fault. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }
}
