import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Inputs, readInputs, type Step, UserError, writeFileAtomic } from '@runner-actions/core';
import { defaultRoot } from './plan.ts';
import { settleCommand } from './settle.ts';
import { type Answer, commands, type CommandName, type CommandOptions } from './store-commands.ts';

const names = Object.keys(commands) as CommandName[];
const options = [
  'root',
  'max-size',
  'max-repository-size',
  'max-age',
  'min-free',
  'repository',
  'key',
  'older-than',
];
const switches = ['dry-run', 'full'];

/** `restore-local-cache/store`, and `node dist/store.js COMMAND [--OPTION VALUE]` for people and timers: the same options. */
export async function phase(step: Step): Promise<void> {
  const given = process.argv.slice(3);
  const isCommandLine = given.length > 0;
  const inputs = isCommandLine ? readCommandLine(given) : step.inputs;
  const command = inputs.choice('command', names);
  if (command === undefined) throw new UserError(`No command was given. Give one of ${names.join(', ')}.`);
  const { root, bounds } = await settleCommand({ ...step, inputs }, inputs.text('root'));
  const folder = root ?? (isCommandLine ? undefined : defaultRoot(step.job));
  if (folder === undefined)
    throw new UserError('No store was named. Give --root FOLDER, or set RUNNER_ACTIONS_CACHE.');
  // A name that is mistyped would be made a store, and found to be in order.
  if (isCommandLine && !existsSync(folder)) throw new UserError(`There is no store in ${folder}.`);
  const answer = await commands[command](folder, bounds, readOptions(inputs));
  for (const line of answer.lines) step.log.info(line);
  if (!isCommandLine) await report(step, command, answer);
  if (answer.failure !== undefined) throw new UserError(answer.failure);
}

function readOptions(inputs: Inputs): CommandOptions {
  return {
    dryRun: inputs.boolean('dry-run') ?? false,
    full: inputs.boolean('full') ?? false,
    repository: inputs.text('repository'),
    key: inputs.text('key'),
    olderThan: inputs.duration('older-than'),
  };
}

function readCommandLine(given: readonly string[]): Inputs {
  try {
    const { values, positionals } = parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        ...Object.fromEntries(options.map((name) => [name, { type: 'string' as const }])),
        ...Object.fromEntries(switches.map((name) => [name, { type: 'boolean' as const }])),
      },
    });
    const all: Record<string, string> = { command: positionals.join(' ') };
    for (const [name, value] of Object.entries(values)) all[name] = String(value);
    return readInputs((name) => all[name] ?? '');
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UserError(`${error.message}. Options are --${[...options, ...switches].join(', --')}.`);
  }
}

async function report(step: Step, command: CommandName, answer: Answer): Promise<void> {
  const path = join(step.job.temp, 'runner-actions', `store-${command}-${process.pid}.json`);
  mkdirSync(dirname(path), { recursive: true });
  await writeFileAtomic(path, `${JSON.stringify({ version: 1, command, ...answer.result }, undefined, 2)}\n`);
  step.outputs.set('store-bytes', answer.storeBytes);
  step.outputs.set('freed-bytes', answer.freedBytes);
  step.outputs.set('problems', answer.problems);
  step.outputs.set('report', path);
}
