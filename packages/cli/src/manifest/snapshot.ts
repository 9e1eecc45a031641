import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  CommandFailure,
  type CommandResult,
  exitCodes,
  type Log,
  messageOf,
  writeFileAtomic,
} from '@runner-actions/core';
import { takeSnapshot } from '@runner-actions/validate-preinstalled/snapshot';
import { machineOptions, machineUsage, withThisMachine } from './this-machine.ts';

const usage = `usage: runner-actions manifest snapshot [--out FILE]

Describes this machine as a manifest that it meets: system, tools, packages, the tool cache, toolchains of Rust, engines,
GPUs, and names of variables, never their values. Two snapshots of a machine that did not change are equal.

  --out FILE         writes the manifest to this file. Default: standard output
${machineUsage}
  --json             prints the result as JSON
  --help             prints this text

What is left out, such as a tool that does not answer, is told on standard error.

exit codes: 0 well; 2 wrong usage; 3 the file could not be written`;

/** Runs `runner-actions manifest snapshot`. */
export async function command(args: readonly string[], say: Log): Promise<CommandResult> {
  const values = parse(args);
  if (values.help) return { code: exitCodes.well, lines: usage.split('\n'), result: { usage } };
  const { text, manifest, notes } = await withThisMachine(values, takeSnapshot);
  for (const note of notes) say.info(`Left out: ${note}.`);
  const { length } = manifest.requirements;
  const result = { version: 1, requirements: length, left: notes };
  if (values.out === undefined)
    return { code: exitCodes.well, lines: text.trimEnd().split('\n'), result: { ...result, manifest: text } };
  await writeFileAtomic(resolve(process.env['INIT_CWD'] ?? '.', values.out), text);
  const lines = [`${values.out}: ${length} requirements`];
  return { code: exitCodes.well, lines, result: { ...result, file: values.out } };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...machineOptions,
        out: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new CommandFailure(exitCodes.usage, `${messageOf(error)}\n\n${usage}`);
  }
}
