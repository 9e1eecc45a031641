import { lstatSync } from 'node:fs';
import { defaultStoreRoot } from '@runner-actions/config';
import { exitCodes, type Step, UserError } from '@runner-actions/core';
import { runnerFolders } from '@runner-actions/host';
import { NotAStore, StoreUnusable } from '@runner-actions/store';
import { resolveCommandSettings } from './plan/resolve-inputs.ts';
import { type CommandName, readCommand } from './store-commands/arguments.ts';
import type { CommandResult } from './store-commands/run-commands.ts';

/** Runs `restore-local-cache/store` as a workflow step. `store-commands/command-line.ts` is the same as a command. */
export async function phase(step: Step): Promise<void> {
  const { command, options, given } = readCommand(step.inputs);
  const { root, rootFrom, bounds } = await resolveCommandSettings(step, given);
  const folder = root ?? defaultStoreRoot(runnerFolders(step.job).work);
  const { commands } = await import('./store-commands/run-commands.ts');
  const exists = lstatSync(folder, { throwIfNoEntry: false }) !== undefined;
  const answer =
    exists || rootFrom === 'input'
      ? await warnIfUnusable(step, rootFrom === 'input', () => commands[command](folder, bounds, options))
      : emptyResult(`There is no store in ${folder} yet: no job on this machine has cached anything.`);
  for (const line of answer.lines) step.log.info(line);
  if (answer.code === exitCodes.attention && answer.failure === undefined)
    step.annotate(
      'warning',
      `${command} could not process everything in ${folder}. See the log for details.`,
    );
  await report(step, command, answer);
  if (answer.failure !== undefined) throw new UserError(answer.failure);
}

function emptyResult(line: string): CommandResult {
  const none = { storeBytes: 0, freedBytes: 0, problems: 0 };
  return { lines: [line], result: {}, ...none, code: exitCodes.well };
}

/**
 * Runs the command on a store that may be unusable. If the input `root` names a non-empty directory that is not a
 * store, that is the user's error. Any other unusable store is a warning, and the command does nothing.
 * @throws UserError
 */
async function warnIfUnusable(
  step: Step,
  isFromInput: boolean,
  run: () => CommandResult | Promise<CommandResult>,
): Promise<CommandResult> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof StoreUnusable)) throw error;
    if (isFromInput && error instanceof NotAStore) throw new UserError(error.message);
    step.annotate('warning', error.message);
    return emptyResult('Nothing was done.');
  }
}

async function report(step: Step, command: CommandName, answer: CommandResult): Promise<void> {
  step.outputs.set('store-bytes', answer.storeBytes);
  step.outputs.set('freed-bytes', answer.freedBytes);
  step.outputs.set('problems', answer.problems);
  await step.report(`store-${command}`, { version: 1, command, ...answer.result });
}
