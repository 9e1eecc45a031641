import {
  type CommandResult,
  type ExitCode,
  exitCodes,
  helpOf,
  type Log,
  parseOptions,
} from '@runner-actions/core';
import type { Manifest } from '@runner-actions/manifest';
import { checkAll } from '@runner-actions/validate-preinstalled/check';
import { sentence, toReport } from '@runner-actions/validate-preinstalled/report';
import { type Status, type Tally, tallyResults } from '@runner-actions/validate-preinstalled/results';
import { defaultManifest, readManifest } from './read-manifest.ts';
import {
  allowCommandsOption,
  type MachineOptions,
  machineOptions,
  secondsOf,
  withThisMachine,
} from './this-machine.ts';

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
  const { values, positionals } = parseOptions(args, usage, {
    ...machineOptions,
    ...allowCommandsOption,
    machine: { type: 'boolean', default: false },
  });
  if (values.help) return helpOf(usage);
  secondsOf(values.timeout);
  const paths = positionals.length > 0 ? positionals : [defaultManifest];
  const checked: Checked[] = [];
  for (const path of paths) checked.push(await check(path, values.machine ? values : undefined));
  return {
    code: checked.map(({ code }) => code).reduce(worse, exitCodes.well),
    lines: checked.flatMap(({ lines }) => lines),
    result: { version: 1, manifests: checked.map(({ file, result }) => ({ file, ...result })) },
  };
}

/** A finding is worse than what could not be found out. */
function worse(one: ExitCode, other: ExitCode): ExitCode {
  return [exitCodes.findings, exitCodes.attention].find((code) => code === one || code === other) ?? one;
}

async function check(given: string, machine: MachineOptions | undefined): Promise<Checked> {
  const found = await readManifest(given);
  if ('mistakes' in found) {
    const { mistakes } = found;
    return { file: given, code: exitCodes.findings, lines: [...mistakes], result: { good: false, mistakes } };
  }
  const { manifest } = found;
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

const order: readonly Status[] = ['skip', 'pass', 'warn', 'error', 'fail'];

async function checkMachine(file: string, manifest: Manifest, options: MachineOptions): Promise<Checked> {
  const results = await withThisMachine(options, (machine, { concurrency }) =>
    checkAll(manifest.requirements, machine, { concurrency, known: new Set() }),
  );
  const tally = tallyResults(results);
  const codes = {
    pass: exitCodes.well,
    warn: exitCodes.well,
    fail: exitCodes.findings,
    error: exitCodes.attention,
  };
  // What a person must read comes last, beside the prompt.
  const sorted = results.toSorted((one, other) => order.indexOf(one.status) - order.indexOf(other.status));
  const shown = sorted.map((result) => {
    const { file, line, column } = result.requirement;
    return `${result.status.padEnd(5)} ${sentence(result)} (${file}:${line}:${column})`;
  });
  return {
    ...{ file, code: codes[tally.status] },
    lines: [...shown, `${file}: ${tally.status}. ${countsLine(tally)}`],
    result: { good: true, ...tally, results: results.map((result) => toReport(result)) },
  };
}

/** Counts the results in words: "12 checked: 9 pass, 2 fail, 1 error". What was skipped was not checked. */
function countsLine({ counts }: Tally): string {
  const { skip, ...checked } = counts;
  const total = Object.values(checked).reduce((sum, count) => sum + count, 0);
  const some = Object.entries(checked).filter(([, count]) => count > 0);
  const parts = some.map(([status, count]) => `${count} ${status}`).join(', ');
  return `${total} checked${parts === '' ? '' : `: ${parts}`}${skip === 0 ? '' : `; ${skip} skipped`}`;
}
