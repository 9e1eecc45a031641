import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { describeProblem, localFile } from '@runner-actions/config';
import {
  CommandFailure,
  type CommandResult,
  type ExitCode,
  exitCodes,
  type Log,
  messageOf,
  readJob,
  startDeadline,
} from '@runner-actions/core';
import { loadManifest, type Manifest } from '@runner-actions/manifest';
import { checkAll } from '@runner-actions/validate-preinstalled/check';
import { openMachine } from '@runner-actions/validate-preinstalled/machine';
import { sentence, toReport } from '@runner-actions/validate-preinstalled/report';
import { tallyResults } from '@runner-actions/validate-preinstalled/results';

const usage = `usage: runner-actions manifest check [PATH…] [--machine]

Checks manifests: their form, and every file that they extend. Without PATH, .github/runner-requirements.yml.

  --machine         also checks this machine against them
  --allow-commands  lets a manifest run its own commands
  --timeout SECONDS time limit for the machine, 60 by default
  --json            prints the result as JSON
  --help            prints this text

Files of other repositories are fetched with GITHUB_TOKEN, which needs 'contents: read' there.

exit codes: 0 well; 1 a manifest has mistakes, or the machine does not meet it; 2 wrong usage; 3 a file could not be read, or
it could not be found out whether the machine meets it`;

/** What was found for one manifest. */
interface Checked {
  file: string;
  code: ExitCode;
  lines: string[];
  result: object;
}

/** Runs `runner-actions manifest check`. */
export async function command(args: readonly string[], _: Log): Promise<CommandResult> {
  const { values, positionals } = parse(args);
  if (values.help) return { code: exitCodes.well, lines: usage.split('\n'), result: { usage } };
  const seconds = Number(values.timeout);
  if (!(seconds > 0 && seconds <= 3600))
    throw new CommandFailure(exitCodes.usage, `--timeout is ${values.timeout}: expected 1 to 3600 seconds.`);
  const paths = positionals.length > 0 ? positionals : ['.github/runner-requirements.yml'];
  const machine = values.machine
    ? { milliseconds: seconds * 1000, allowCommands: values['allow-commands'] }
    : undefined;
  const checked: Checked[] = [];
  for (const path of paths) checked.push(await check(path, machine));
  return {
    code: checked.map(({ code }) => code).reduce(worse, exitCodes.well),
    lines: checked.flatMap(({ lines }) => lines),
    result: { version: 1, manifests: checked.map(({ file, result }) => ({ file, ...result })) },
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        machine: { type: 'boolean', default: false },
        'allow-commands': { type: 'boolean', default: false },
        timeout: { type: 'string', default: '60' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new CommandFailure(exitCodes.usage, `${messageOf(error)}\n\n${usage}`);
  }
}

/** A finding is worse than what could not be found out. */
function worse(one: ExitCode, other: ExitCode): ExitCode {
  return [exitCodes.findings, exitCodes.attention].find((code) => code === one || code === other) ?? one;
}

interface MachineOptions {
  milliseconds: number;
  allowCommands: boolean;
}

async function check(given: string, machine: MachineOptions | undefined): Promise<Checked> {
  const { files, place } = localFile(given);
  const loaded = await loadManifest(files, place);
  if (loaded.kind === 'wrong') {
    const mistakes = loaded.problems.map(
      (problem) => `${problem.file}:${problem.line}:${problem.column}: ${describeProblem(problem)}`,
    );
    return { file: given, code: exitCodes.findings, lines: mistakes, result: { good: false, mistakes } };
  }
  if (loaded.kind !== 'read')
    throw new CommandFailure(exitCodes.attention, `${given} could not be read: ${loaded.why}.`);
  const { manifest } = loaded;
  const checked =
    machine === undefined ? good(given, manifest) : await checkMachine(given, manifest, machine);
  const notes = manifest.notes.map(
    ({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`,
  );
  return { ...checked, lines: [...notes, ...checked.lines], result: { ...checked.result, notes } };
}

function good(file: string, manifest: Manifest): Checked {
  const { length } = manifest.requirements;
  const about = `${length} requirement${length === 1 ? '' : 's'}, ${manifest.files.length} file${manifest.files.length === 1 ? '' : 's'}`;
  const lines = [`${file}: good (${about})`];
  return { file, code: exitCodes.well, lines, result: { good: true, requirements: length } };
}

async function checkMachine(file: string, manifest: Manifest, options: MachineOptions): Promise<Checked> {
  const job = readJob();
  const opened = openMachine(job, startDeadline(options.milliseconds), options.allowCommands);
  // Outside of a job no stranger's event starts this: whoever types the command decides.
  const { allowCommands } = options;
  const own = job.eventName === '' ? { trusted: true, strangersManifest: false, allowCommands } : {};
  const machine = { ...opened, ...own };
  const concurrency = Math.max(4, 2 * availableParallelism());
  const results = await checkAll(manifest.requirements, machine, { concurrency, known: new Set() }).finally(
    machine.close,
  );
  const tally = tallyResults(results);
  const codes = {
    pass: exitCodes.well,
    warn: exitCodes.well,
    fail: exitCodes.findings,
    error: exitCodes.attention,
  };
  const shown = results.map((result) => {
    const { file, line, column } = result.requirement;
    return `${result.status.padEnd(5)} ${sentence(result)} (${file}:${line}:${column})`;
  });
  return {
    ...{ file, code: codes[tally.status] },
    lines: [...shown, `${file}: ${tally.status}`],
    result: { good: true, ...tally, results: results.map((result) => toReport(result)) },
  };
}
