import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execute, type Execution } from '@runner-actions/core';
import { argumentsOf, readToolOutput, type Reading, type ToolEntry } from '@runner-actions/manifest';
import { isDispatched, mayRun } from '../executable-io.ts';
import type { Machine } from '../kinds/kind.ts';
import { probeEnvironment } from '../probe-environment.ts';
import { resolveShim } from './resolve-shim-io.ts';
import { versionsFromFiles } from './tool-files-io.ts';

/** Milliseconds for one answer, and bytes of it that are kept. */
const limits = { timeout: 10_000, bytes: 64 * 1024 };

/** What is known of one copy of a tool. `broken`: the process gave no answer that could be read. */
export type Answer = Reading | { broken: string };

/**
 * Finds out the version of one copy of a tool: from its files, else by its command. Equal commands run only once.
 * @param path the executable
 * @param mustRun whether files are not enough
 */
export async function askTool(
  name: string,
  entry: ToolEntry | undefined,
  path: string,
  machine: Machine,
  mustRun = false,
): Promise<Answer> {
  const program = await programOf(path, machine);
  const shim = await isDispatched(program);
  if (entry?.files !== undefined && !mustRun && !shim && (await mayRun(program, machine))) {
    const versions = await versionsFromFiles(program, entry);
    if (versions.length > 0) return { versions };
  }
  const cwd = (shim ? projectFolder(machine) : undefined) ?? (await machine.emptyFolder());
  let answer: Answer = { broken: 'no answer' };
  for (const given of argumentsOf(entry)) {
    answer = read(name, entry, await run([program, ...given], cwd, entry, machine));
    const mayAnswerOtherwise = 'unknown' in answer && ['no-version', 'exit-code'].includes(answer.kind);
    if (!mayAnswerOtherwise) break;
  }
  if (!('unknown' in answer) || !['exit-code', 'interpreter'].includes(answer.kind)) return answer;
  // Loaded only for a tool that fails.
  const { explainStart } = await import('./explain-start-io.ts');
  return (await explainStart(program)) ?? answer;
}

/** Files by which version managers choose a version for a folder. */
const versionFiles =
  '.tool-versions mise.toml .mise.toml .nvmrc .node-version .python-version .ruby-version .java-version .go-version rust-toolchain.toml rust-toolchain global.json';

/** Returns the program that starts in the end: for a shim that can be read, the one that it starts. */
export async function programOf(path: string, machine: Machine): Promise<string> {
  return (await resolveShim(path, projectFolder(machine), machine)) ?? path;
}

/**
 * Returns the folder in which shims of version managers are asked: the checkout, if it has a file that chooses versions,
 * since jobs get these. A stranger's file could name a program of the checkout, so it does not count.
 */
function projectFolder({ trusted, job }: Machine): string | undefined {
  const isChosen = versionFiles.split(' ').some((name) => existsSync(join(job.workspace, name)));
  return trusted && isChosen ? job.workspace : undefined;
}

function run(
  argv: readonly string[],
  cwd: string,
  entry: ToolEntry | undefined,
  machine: Machine,
): Promise<Execution> {
  const { deadline, job } = machine;
  const env = { ...probeEnvironment(job.environment), ...entry?.environment };
  return machine.once(JSON.stringify(['run', ...argv]), () =>
    execute(argv, { cwd, env, deadline, timeout: limits.timeout, limitBytes: limits.bytes }),
  );
}

function read(name: string, entry: ToolEntry | undefined, execution: Execution): Answer {
  const { status, code, signal, error, stdout, stderr, truncated } = execution;
  if (status === 'timed-out') return { broken: 'no answer in time' };
  if (status === 'signalled') return { broken: `killed by ${signal ?? 'a signal'}` };
  if (status === 'not-started') return notStarted(error?.code);
  // A version in the first 64 KiB counts, but not one of two that might do.
  if (truncated && entry?.pattern === undefined) return { broken: 'more output than 64 KiB' };
  return readToolOutput(name, entry, { code, stdout, stderr });
}

function notStarted(code = 'unknown'): Answer {
  // The kernel says that the executable does not exist, but it was found: its interpreter or loader does not exist.
  if (code === 'ENOENT')
    return {
      ...{ unknown: 'an executable whose interpreter or loader is missing', kind: 'interpreter' },
      advice: 'Install the interpreter, or reinstall the tool.',
    };
  if (code === 'EACCES' || code === 'ENOEXEC')
    return { unknown: `an executable that cannot be started (${code})`, kind: 'not-executable' };
  return { broken: `cannot be started (${code})` };
}

/** Runs the manifest's own command and returns its output. */
export function runOwnCommand(argv: readonly string[], machine: Machine): Promise<Execution> {
  return machine.emptyFolder().then((cwd) => run(argv, cwd, undefined, machine));
}
