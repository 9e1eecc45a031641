import { parseArgs } from 'node:util';
import { describeProblem, localFile } from '@runner-actions/config';
import { CommandFailure, type CommandResult, exitCodes, type Log, messageOf } from '@runner-actions/core';
import { loadManifest, type Manifest } from '@runner-actions/manifest';
import {
  changeLine,
  compareManifests,
  countChanges,
  diffMachine,
  toDiffReport,
} from '@runner-actions/validate-preinstalled/diff';
import { machineOptions, withThisMachine } from './this-machine.ts';

const usage = `usage: runner-actions manifest diff A [B]

Compares two snapshots, or other manifests. Without B, compares A with this machine: all of a snapshot, but of another
manifest only what it names.

  --timeout SECONDS  time limit for this machine, 60 by default
  --json             prints the result as JSON
  --help             prints this text

A package that was renamed is shown as one change if this machine is compared, whose packages tell the names that they
provide. What is not compared is told on standard error.

exit codes: 0 no difference; 1 differences; 2 wrong usage; 3 a file could not be read, or has mistakes`;

/** Runs `runner-actions manifest diff`. */
export async function command(args: readonly string[], say: Log): Promise<CommandResult> {
  const { values, positionals } = parse(args);
  if (values.help) return { code: exitCodes.well, lines: usage.split('\n'), result: { usage } };
  const [first, second, ...more] = positionals;
  if (first === undefined || more.length > 0) throw new CommandFailure(exitCodes.usage, usage);
  const before = await read(first);
  const { notes, ...comparison } =
    second === undefined
      ? await withThisMachine({ ...values, packages: 'all' }, (machine, options) =>
          diffMachine(before, machine, options),
        )
      : { ...compareManifests(before, await read(second)), notes: [] };
  for (const note of notes) say.info(`Note: ${note}.`);
  const { changes, same } = comparison;
  return {
    code: changes.length === 0 ? exitCodes.well : exitCodes.findings,
    lines: [...changes.map(changeLine), `${countChanges(changes)}, ${same} the same`],
    result: { ...toDiffReport(comparison, notes), before: first, after: second ?? 'this machine' },
  };
}

async function read(given: string): Promise<Manifest> {
  const { files, place } = localFile(given);
  const loaded = await loadManifest(files, place);
  if (loaded.kind === 'read') return loaded.manifest;
  const why =
    loaded.kind === 'wrong'
      ? loaded.problems
          .map((one) => `${one.file}:${one.line}:${one.column}: ${describeProblem(one)}`)
          .join('\n')
      : `${given} could not be read: ${loaded.why}.`;
  throw new CommandFailure(exitCodes.attention, why);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        timeout: machineOptions.timeout,
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new CommandFailure(exitCodes.usage, `${messageOf(error)}\n\n${usage}`);
  }
}
