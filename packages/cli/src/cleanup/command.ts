import { applyPolicy, type ResolvedInputs } from '@runner-actions/cleanup-workspace/effective-inputs';
import { readStepPolicy } from '@runner-actions/config';
import {
  CommandFailure,
  type CommandResult,
  type ExitCode,
  exitCodes,
  type Log,
  startDeadline,
  UserError,
} from '@runner-actions/core';
import { findRunners } from '@runner-actions/host';
import { type Asked, readArguments, usage } from './arguments.ts';
import { cleanRunner, type RunnerResult } from './clean-runner.ts';
import { linesOf } from './lines.ts';

/** Runs `runner-actions cleanup`, for a host's timer. */
export async function command(args: readonly string[], say: Log): Promise<CommandResult> {
  if (args.includes('--help') || args.includes('-h'))
    return { code: exitCodes.well, lines: usage.split('\n'), result: { usage } };
  const asked = orFail(exitCodes.usage, 'See --help.', () => readArguments(args));
  const settings = await settingsFor(asked, say);
  const { folders, unknown } =
    asked.runners === 'all' ? findRunners() : { folders: asked.runners, unknown: undefined };
  const results: RunnerResult[] = [];
  const signal = stopSignal();
  const stopped = await Promise.race([cleanAll(folders, settings, say, results), signal]);
  const { dryRun } = settings.inputs;
  const isDone = stopped === undefined && unknown === undefined;
  return {
    code: isDone ? codeOf(results, asked.runners !== 'all') : exitCodes.attention,
    lines: [
      ...linesOf(results, dryRun),
      ...(unknown === undefined ? [] : [`There may be more runners: ${unknown}.`]),
      ...(stopped === undefined ? [] : [`Stopped by ${stopped}.`]),
    ],
    result: {
      ...{ version: 1, dryRun, runners: results },
      ...(unknown === undefined ? {} : { unknown }),
      ...(stopped === undefined ? {} : { stopped }),
    },
  };
}

/** @param results the function adds to it, so that it tells what was done before it was stopped */
async function cleanAll(
  roots: readonly string[],
  settings: ResolvedInputs,
  say: Log,
  results: RunnerResult[],
): Promise<undefined> {
  const deadline = startDeadline(settings.inputs.budget);
  for (const runner of new Set(roots)) {
    // What is shown of it if a signal stops the command before its end.
    results.push({ runner, state: 'failed', why: 'it was stopped', items: [], notes: [], left: 0 });
    results[results.length - 1] = await cleanRunner(runner, settings, { deadline, log: say });
  }
  return undefined;
}

/**
 * Resolves when something asks this process to stop. The process then ends, and with it the helper, which stops between
 * two entries. What it has moved to the trash is removed by the next run.
 */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve);
  });
}

/** Applies the machine's policy. If it cannot be read, the command does nothing. */
async function settingsFor({ inputs }: Asked, say: Log): Promise<ResolvedInputs> {
  const annotate = (level: string, message: string): void => say.info(`${level}: ${message}`);
  try {
    return applyPolicy(inputs, await readStepPolicy({ log: say, annotate }), say, {
      environment: process.env,
    });
  } catch (error) {
    if (error instanceof UserError) throw new CommandFailure(exitCodes.attention, error.message);
    throw error;
  }
}

/** @param named whether a person named the runners. Of those that were found, some may be those of other users */
function codeOf(results: readonly RunnerResult[], named: boolean): ExitCode {
  const has = (...states: RunnerResult['state'][]) => results.some(({ state }) => states.includes(state));
  if (has('unknown', 'failed') || results.some(({ left }) => left > 0)) return exitCodes.attention;
  return named && has('refused') ? exitCodes.findings : exitCodes.well;
}

function orFail<T>(code: ExitCode, advice: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError)
      throw new CommandFailure(code, `${error.message.replace(/[^.]$/, '$&.')} ${advice}`);
    throw error;
  }
}
