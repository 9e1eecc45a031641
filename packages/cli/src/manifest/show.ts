import {
  CommandFailure,
  type CommandResult,
  exitCodes,
  helpOf,
  type Log,
  parseOptions,
} from '@runner-actions/core';
import { commonKeyDescriptions, describeManifest, describeTools } from '@runner-actions/manifest';

const usage = `usage: runner-actions manifest show [keys | tools] [NAME]

Prints the keys that a manifest may have, and the tools whose version is known how to read.

  NAME    prints only keys and tools whose name contains it
  --json  prints the result as JSON
  --help  prints this text

exit codes: 0 well; 1 nothing has this name; 2 wrong usage`;

/** Runs `runner-actions manifest show`. */
export async function command(args: readonly string[], _: Log): Promise<CommandResult> {
  const { values, positionals } = parseOptions(args, usage, {});
  if (values.help) return helpOf(usage);
  const [first, ...rest] = positionals;
  const part = first === 'keys' || first === 'tools' ? first : undefined;
  const [name = '', ...more] = part === undefined ? positionals : rest;
  if (more.length > 0) throw new CommandFailure(exitCodes.usage, usage);
  const keys = part === 'tools' ? [] : describeManifest().filter(({ key }) => key.includes(name));
  const tools = part === 'keys' ? [] : describeTools().filter((tool) => tool.names.join(' ').includes(name));
  const lines = [
    ...(keys.length === 0
      ? []
      : ['Keys:', ...keys.map(({ key, value, about }) => `  ${key}: ${value}. ${about}`)]),
    ...(keys.length === 0 || name !== '' ? [] : ['Every requirement may also have:']),
    ...(keys.length === 0 || name !== ''
      ? []
      : commonKeyDescriptions().map(({ key, value, about }) => `  ${key}: ${value}. ${about}`)),
    ...(tools.length === 0
      ? []
      : [
          'Tools:',
          ...tools.map(({ names, command, scheme }) => `  ${names.join(', ')}: ${command} (${scheme})`),
        ]),
  ];
  const isEmpty = keys.length + tools.length === 0;
  return {
    code: isEmpty ? exitCodes.findings : exitCodes.well,
    lines: isEmpty ? [`Nothing has a name with '${name}'.`] : lines,
    result: { version: 1, keys, tools },
  };
}
