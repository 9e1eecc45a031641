import { lstatSync } from 'node:fs';
import { exitCodes, type Step, UserError } from '@runner-actions/core';
import { NotAStore, StoreUnusable } from '@runner-actions/store';
import { defaultRoot } from './plan/cache-plan.ts';
import { resolveCommandSettings } from './plan/resolve-inputs.ts';
import { type CommandName, readCommand } from './store-commands/arguments.ts';
import type { CommandResult } from './store-commands/run-commands.ts';

/** `restore-local-cache/store`: as a step of a workflow. The same as a command: `store-commands/command.ts`. */
export async function phase(step: Step): Promise<void> {
  const { command, options, given } = readCommand(step.inputs);
  const { root, rootFrom, bounds } = await resolveCommandSettings(step, given);
  const folder = root ?? defaultRoot(step.job);
  const { commands } = await import('./store-commands/run-commands.ts');
  const isThere = lstatSync(folder, { throwIfNoEntry: false }) !== undefined;
  const answer =
    isThere || rootFrom === 'input'
      ? await warnIfUnusable(step, rootFrom === 'input', () => commands[command](folder, bounds, options))
      : emptyResult(`There is no store in ${folder} yet: no job of this machine has cached anything.`);
  for (const line of answer.lines) step.log.info(line);
  if (answer.code === exitCodes.attention && answer.failure === undefined)
    step.annotate('warning', `${command} could not do or see all that is in ${folder}: the log says what.`);
  await report(step, command, answer);
  if (answer.failure !== undefined) throw new UserError(answer.failure);
}

function emptyResult(line: string): CommandResult {
  const none = { storeBytes: 0, freedBytes: 0, problems: 0 };
  return { lines: [line], result: {}, ...none, code: exitCodes.well };
}

/** A folder of other things is the user's error where an input names it. Else what cannot be used is a warning, and emptyResult is done. */
async function warnIfUnusable(
  step: Step,
  isUsers: boolean,
  act: () => CommandResult | Promise<CommandResult>,
): Promise<CommandResult> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof StoreUnusable)) throw error;
    if (isUsers && error instanceof NotAStore) throw new UserError(error.message);
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
