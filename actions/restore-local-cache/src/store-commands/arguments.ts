import { parseArgs } from 'node:util';
import { type Inputs, readInputs, UserError } from '@runner-actions/core';
import { type BoundsInputs, readBounds } from '../inputs.ts';

const commandNames = ['stats', 'gc', 'prune', 'fsck'] as const;
export type CommandName = (typeof commandNames)[number];

export interface CommandOptions {
  dryRun: boolean;
  full: boolean;
  repository: string | undefined;
  /** The prefix of the keys. */
  key: string | undefined;
  /** Milliseconds since the last use. */
  olderThan: number | undefined;
}

const options = [
  ...['root', 'max-size', 'max-repository-size', 'max-age', 'min-free'],
  ...['repository', 'key', 'older-than'],
];
const flags = ['dry-run', 'full', 'json', 'help'];

export const usage = `usage: runner-actions store, or node store.js: ${commandNames.join(' | ')} --root FOLDER [--OPTION VALUE]

  stats  what is in the store, and on its disk
  gc     enforces the limits: --max-size 200GiB, --max-repository-size, --max-age 30d, --min-free 10%
  prune  removes entries that match: --repository OWNER/NAME, --key PREFIX, --older-than 7d
  fsck   checks every file, with --full its content too

  --dry-run  only reports what would be done   --json  prints the whole result as JSON

exit codes: 0 success, 1 findings or nothing was done, 2 wrong usage, 3 needs attention or could not be determined`;

/** The command and its options, from a step or a command line. */
export interface CommandInputs {
  command: CommandName;
  options: CommandOptions;
  /** Values that the machine policy can set or limit. */
  given: { root: string | undefined; bounds: BoundsInputs };
}

/**
 * Reads and checks the command and its options.
 * @throws UserError for a wrong command or option
 */
export function readCommand(inputs: Inputs): CommandInputs {
  const command = inputs.choice('command', commandNames);
  if (command === undefined)
    throw new UserError(`No command was given. Use one of ${commandNames.join(', ')}.`);
  const read: CommandOptions = {
    dryRun: inputs.boolean('dry-run') ?? false,
    full: inputs.boolean('full') ?? false,
    repository: inputs.text('repository'),
    key: inputs.text('key'),
    olderThan: inputs.duration('older-than'),
  };
  checkOptions(command, read);
  return { command, options: read, given: { root: inputs.text('root'), bounds: readBounds(inputs) } };
}

/**
 * Checks that `prune` has a filter.
 * @throws UserError if it has none
 */
function checkOptions(command: CommandName, { repository, key, olderThan }: CommandOptions): void {
  if (command === 'prune' && repository === undefined && key === undefined && olderThan === undefined)
    throw new UserError(
      'prune needs a filter: repository, key or older-than. older-than 0s matches all entries.',
    );
}

/**
 * Parses command line arguments into inputs like those of a step.
 * @throws UserError for an unknown option
 */
export function readArguments(given: readonly string[]): Inputs {
  try {
    const { values, positionals } = parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        ...Object.fromEntries(options.map((name) => [name, { type: 'string' as const }])),
        ...Object.fromEntries(flags.map((name) => [name, { type: 'boolean' as const }])),
      },
    });
    const all: Record<string, string> = { command: positionals.join(' ') };
    for (const [name, value] of Object.entries(values)) all[name] = String(value);
    return readInputs((name) => all[name] ?? '');
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UserError(`${error.message}. Options are --${[...options, ...flags].join(', --')}.`);
  }
}
