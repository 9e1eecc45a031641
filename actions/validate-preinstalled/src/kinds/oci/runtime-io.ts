import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { type Deadline, execute, type Execution, readSmallFile } from '@runner-actions/core';

const stepTimeout = 10_000;

/** A runtime with the folder that holds its state. */
export interface RuntimeCall {
  program: string;
  /** Arguments before the command, such as `--root`. */
  options: readonly string[];
  folder: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** `undefined` when tidying up, which must also happen when the time of the check is over. */
  deadline: Deadline | undefined;
}

export type StepResult = { done: true; output: string } | { done: false; sentence: string };

/** Runs a command of the runtime, such as `state`. */
export async function callRuntime(
  { program, options, folder, environment, deadline }: RuntimeCall,
  args: readonly string[],
): Promise<StepResult> {
  const execution = await execute([program, ...options, ...args], {
    ...{ cwd: folder, env: environment, timeout: stepTimeout, limitBytes: 64 * 1024 },
    ...(deadline === undefined ? {} : { deadline }),
  });
  return resultOf(execution);
}

function resultOf({ status, code, signal, stdout, stderr, error }: Execution): StepResult {
  if (status === 'exited' && code === 0) return { done: true, output: stdout };
  if (status === 'not-started')
    return { done: false, sentence: `cannot be started (${error?.code ?? 'unknown'})` };
  if (status === 'timed-out') return { done: false, sentence: 'no answer in time' };
  const output = `${stdout}\n${stderr}`.trim();
  return { done: false, sentence: output || `ended with ${code ?? signal ?? 'nothing'}` };
}

/**
 * Creates a container. Its process inherits the output, so this is a file: a pipe would stay open as long as the
 * container.
 */
export async function createContainer(call: RuntimeCall, bundle: string, id: string): Promise<StepResult> {
  const { program, options, folder, environment, deadline } = call;
  const log = join(folder, 'create.log');
  const file = openSync(log, 'wx', 0o600);
  const child = spawn(program, [...options, 'create', '--bundle', bundle, id], {
    ...{ cwd: folder, env: environment, detached: true, shell: false, stdio: ['ignore', file, file] },
  });
  closeSync(file);
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => {
        killGroup(child.pid);
        resolve({ done: false, sentence: 'no answer in time' });
      },
      Math.min(stepTimeout, deadline?.remaining() ?? stepTimeout),
    );
    const finish = (result: StepResult): void => {
      clearTimeout(timer);
      resolve(result);
    };
    child.on('error', (error: NodeJS.ErrnoException) =>
      finish({ done: false, sentence: `cannot be started (${error.code ?? 'unknown'})` }),
    );
    child.on('exit', (code, signal) => {
      const output = readSmallFile(log, 64 * 1024) ?? '';
      const ending = `ended with ${code ?? signal ?? 'nothing'}`;
      finish(code === 0 ? { done: true, output } : { done: false, sentence: output.trim() || ending });
    });
  });
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has already ended.
  }
}
