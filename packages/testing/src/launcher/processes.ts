import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

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

/** Starts a process as the runner does for a step and waits for it. A signal counts as exit code 128. */
export function runProcess(
  argv: readonly string[],
  options: {
    cwd: string;
    env: Record<string, string>;
    cancel?: AbortSignal;
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
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const interrupt = (): void => interruptInSteps(child);
    options.cancel?.addEventListener('abort', interrupt, { once: true });
    child.on('spawn', () => options.onStart?.(child.pid ?? 0));
    child.on('error', reject);
    child.on('exit', (code) => {
      options.cancel?.removeEventListener('abort', interrupt);
      const done = (): void =>
        resolve({ exitCode: code ?? 128, stdout, stderr, milliseconds: performance.now() - started });
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
        return variables.includes(`RUNNER_TRACKING_ID=${trackingId}`) ? [Number(name)] : [];
      } catch {
        return [];
      }
    });
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
