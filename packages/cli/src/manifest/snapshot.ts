import { dirname, resolve } from 'node:path';
import {
  CommandFailure,
  type CommandResult,
  describeWriteError,
  exitCodes,
  helpOf,
  type Log,
  makeFolder,
  parseOptions,
  escapeControls,
  writeFileAtomic,
} from '@runner-actions/core';
import { takeSnapshot } from '@runner-actions/validate-preinstalled/snapshot';
import { machineOptions, withThisMachine } from './this-machine.ts';

const usage = `usage: runner-actions manifest snapshot [--out FILE]

Describes this machine as a manifest that it meets: system, tools, packages, the tool cache, toolchains of Rust, engines,
GPUs, and names of variables, never their values. Two snapshots of a machine that did not change are equal.

  --out FILE         writes the manifest to this file. Default: standard output
  --packages KIND    all, or only those that somebody chose and that did not come with others: chosen
  --timeout SECONDS  time limit for the machine, 60 by default
  --json             prints the result as JSON
  --help             prints this text

What is left out, such as a tool that does not answer, is told on standard error.

exit codes: 0 well; 2 wrong usage; 3 the file could not be written`;

/** Runs `runner-actions manifest snapshot`. */
export async function command(args: readonly string[], say: Log): Promise<CommandResult> {
  const { values, positionals } = parseOptions(args, usage, {
    ...machineOptions,
    packages: { type: 'string', default: 'all' },
    out: { type: 'string' },
  });
  if (values.help) return helpOf(usage);
  const { packages, out } = values;
  if (positionals.length > 0)
    throw new CommandFailure(
      exitCodes.usage,
      `The file is named by --out ${positionals.join(' ')}.\n\n${usage}`,
    );
  if (packages !== 'all' && packages !== 'chosen')
    throw new CommandFailure(exitCodes.usage, `--packages is ${packages}: expected all or chosen.`);
  const { text, manifest, notes } = await withThisMachine(values, (machine, options) =>
    takeSnapshot(machine, { ...options, packages }),
  );
  for (const note of notes) say.info(`Left out: ${escapeControls(note)}.`);
  const { length } = manifest.requirements;
  const result = { version: 1, requirements: length, left: notes };
  if (out === undefined)
    return { code: exitCodes.well, lines: text.trimEnd().split('\n'), result: { ...result, manifest: text } };
  await write(out, text);
  const lines = [`${out}: ${length} requirements`];
  return { code: exitCodes.well, lines, result: { ...result, file: out } };
}

/** Writes the file, and creates its folder. */
async function write(given: string, text: string): Promise<void> {
  const path = resolve(process.env['INIT_CWD'] ?? '.', given);
  try {
    await makeFolder(dirname(path));
    await writeFileAtomic(path, text);
  } catch (error) {
    const why = describeWriteError(error, path);
    throw new CommandFailure(exitCodes.attention, `${given} could not be written: ${why}.`, { cause: error });
  }
}
