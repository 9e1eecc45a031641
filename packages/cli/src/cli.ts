import {
  CommandFailure,
  type CommandModule,
  type CommandResult,
  exitCodes,
  type Log,
} from '@runner-actions/core';
import { version } from '../package.json';

/** A command, loaded only when it is called. */
interface Command {
  about: string;
  load: () => Promise<CommandModule>;
}

/** The commands by name. A name may have two words. */
const commands: Readonly<Record<string, Command>> = {
  cleanup: {
    about: 'removes what jobs left on the idle runners of this machine',
    load: () => import('./cleanup/command.ts'),
  },
  'config check': {
    about: 'checks files such as .github/runner-config.yml',
    load: () => import('@runner-actions/config/check'),
  },
  'manifest check': {
    about: 'checks manifests such as .github/runner-requirements.yml, and this machine against them',
    load: () => import('./manifest/check.ts'),
  },
  'manifest diff': {
    about: 'compares two snapshots or manifests, or one with this machine',
    load: () => import('./manifest/diff.ts'),
  },
  'manifest show': {
    about: 'prints the keys that a manifest may have, and the tools that it may name',
    load: () => import('./manifest/show.ts'),
  },
  'manifest snapshot': {
    about: 'describes this machine as a manifest',
    load: () => import('./manifest/snapshot.ts'),
  },
  store: {
    about: 'shows, limits and checks the store of the cache',
    load: () => import('@runner-actions/restore-local-cache/store-commands'),
  },
};

const width = Math.max(...Object.keys(commands).map((name) => name.length));
const usage = `usage: runner-actions COMMAND [--OPTION VALUE]

${Object.entries(commands)
  .map(([name, { about }]) => `  ${name.padEnd(width)}  ${about}`)
  .join('\n')}

  --help     prints this text, or with a command the one of the command
  --version  prints the version
  --json     prints the result of a command as JSON

exit codes: 0 well, 1 findings or refusal, 2 wrong usage, 3 needs attention or could not be found out`;

/** Runs `runner-actions COMMAND`. */
export async function command(args: readonly string[], say: Log): Promise<CommandResult> {
  const [first = '', second = ''] = args;
  if (first === '--version') return { code: exitCodes.well, lines: [version], result: { version } };
  if (first === '--help' || first === '-h')
    return { code: exitCodes.well, lines: usage.split('\n'), result: { usage } };
  const name = [`${first} ${second}`, first].find((one) => Object.hasOwn(commands, one));
  const found = name === undefined ? undefined : commands[name];
  if (name === undefined || found === undefined)
    throw new CommandFailure(exitCodes.usage, `${whatIsWrong(first, second)}\n\n${usage}`);
  const module = await found.load();
  return module.command(args.slice(name.split(' ').length), say);
}

function whatIsWrong(first: string, second: string): string {
  if (first === '') return 'No command was given.';
  const longer = Object.keys(commands).filter((name) => name.startsWith(`${first} `));
  if (longer.length === 0) return `There is no command '${first}'.`;
  return `There is no command '${`${first} ${second}`.trim()}'. Did you mean '${longer.join("', '")}'?`;
}
