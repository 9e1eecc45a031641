import {
  CommandFailure,
  type CommandResult,
  exitCodes,
  helpOf,
  type Log,
  parseOptions,
  escapeControls,
} from '@runner-actions/core';
import type { Manifest } from '@runner-actions/manifest';
import {
  changeLine,
  diffFiles,
  diffMachine,
  type FullComparison,
  outcomeLine,
  toDiffReport,
} from '@runner-actions/validate-preinstalled/diff';
import { readManifest } from './read-manifest.ts';
import { allowCommandsOption, machineOptions, withThisMachine } from './this-machine.ts';

const usage = `usage: runner-actions manifest diff A [B]

Compares A with B, or without B with this machine. Each is a snapshot or another manifest. A snapshot is known by the name
that \`manifest snapshot\` writes into it: "Snapshot of a machine", or "Snapshot of a machine, chosen packages".

  two snapshots, or a snapshot and this machine: do they have the same?
  a manifest and a snapshot, or a manifest and this machine: does the machine meet what the manifest names?
  two manifests: do they require the same? ">=18" and "==20.1.0" do not, though one version meets both

  --allow-commands   lets a manifest run its own commands on this machine
  --timeout SECONDS  time limit for this machine, 60 by default
  --json             prints the result as JSON
  --help             prints this text

A package that was renamed is shown as one change if a snapshot is compared with this machine, whose packages tell the
names that they provide. Every difference is told, also from a requirement with severity: warn. What is not compared is told
on standard error.

exit codes: 0 no difference, and everything was compared; 1 differences; 2 wrong usage; 3 a file could not be read, or has
mistakes, or no difference was found but not everything could be compared`;

/** Runs `runner-actions manifest diff`. */
export async function command(args: readonly string[], say: Log): Promise<CommandResult> {
  const { values, positionals } = parseOptions(args, usage, { ...machineOptions, ...allowCommandsOption });
  if (values.help) return helpOf(usage);
  const [first, second, ...more] = positionals;
  if (first === undefined || more.length > 0) throw new CommandFailure(exitCodes.usage, usage);
  const before = await read(first);
  const comparison =
    second === undefined
      ? await withThisMachine(values, (machine, options) => diffMachine(before, machine, options))
      : diffFiles(before, await read(second));
  for (const note of comparison.notes) say.info(`Note: ${escapeControls(note)}.`);
  for (const one of comparison.unknown) say.info(`Unknown: ${escapeControls(one)}.`);
  return {
    code: codeOf(comparison),
    lines: [...comparison.changes.map(changeLine), outcomeLine(comparison)],
    result: { ...toDiffReport(comparison), before: first, after: second ?? 'this machine' },
  };
}

function codeOf({ changes, unknown }: FullComparison) {
  if (changes.length > 0) return exitCodes.findings;
  return unknown.length > 0 ? exitCodes.attention : exitCodes.well;
}

async function read(given: string): Promise<Manifest> {
  const found = await readManifest(given);
  if ('manifest' in found) return found.manifest;
  throw new CommandFailure(exitCodes.attention, found.mistakes.map(escapeControls).join('\n'));
}
