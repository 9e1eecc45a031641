import { isAbsolute } from 'node:path';
import {
  type CommandResult,
  CommandFailure,
  exitCodes,
  type Inputs,
  type Log,
  messageOf,
  readJob,
  UserError,
} from '@runner-actions/core';
import { NotAStore, StoreUnusable } from '@runner-actions/store';
import { resolveCommandSettings, type StoreSettings } from '../plan/resolve-inputs.ts';
import { type CommandInputs, readArguments, readCommand, usage } from './arguments.ts';

/** Runs `node dist/store.js COMMAND [--OPTION VALUE]`, for operators and timers. The exit codes are those of `core`. */
export async function command(args: readonly string[], say: Log): Promise<CommandResult> {
  if (args.includes('--help')) return { code: exitCodes.well, lines: usage.split('\n'), result: { usage } };
  const inputs = orUsage(() => readArguments(args));
  const { command: name, options, given } = orUsage(() => readCommand(inputs));
  const { root, bounds } = await resolveOrFail(inputs, given, say);
  if (root === undefined)
    throw new CommandFailure(
      exitCodes.usage,
      'No store was specified. Use --root FOLDER, or set RUNNER_ACTIONS_CACHE.',
    );
  const { commands } = await import('./run-commands.ts');
  try {
    const { lines, result, code, failure } = await commands[name](root, bounds, options);
    if (failure !== undefined) say.info(failure);
    return { code, lines, result: { version: 1, command: name, root, ...result } };
  } catch (error) {
    if (error instanceof NotAStore)
      throw new CommandFailure(isAbsolute(root) ? exitCodes.findings : exitCodes.usage, error.message);
    if (error instanceof StoreUnusable) throw new CommandFailure(exitCodes.attention, error.message);
    throw error;
  }
}

function orUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError) throw new CommandFailure(exitCodes.usage, `${error.message} See --help.`);
    throw error;
  }
}

/** Resolves root and limits. If the machine policy cannot be read, the command does nothing. */
async function resolveOrFail(
  inputs: Inputs,
  given: CommandInputs['given'],
  say: Log,
): Promise<StoreSettings> {
  const annotate = (level: string, message: string): void => say.info(`${level}: ${message}`);
  try {
    return await resolveCommandSettings({ inputs, job: readJob(), log: say, annotate }, given);
  } catch (error) {
    if (error instanceof UserError) throw new CommandFailure(exitCodes.attention, messageOf(error));
    throw error;
  }
}
