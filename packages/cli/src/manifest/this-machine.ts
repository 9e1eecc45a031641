import { availableParallelism } from 'node:os';
import { CommandFailure, exitCodes, readJob, startDeadline } from '@runner-actions/core';
import { openMachine } from '@runner-actions/validate-preinstalled/machine';

type Machine = ReturnType<typeof openMachine>;

/** Options of all commands that look at this machine. */
export const machineOptions = { timeout: { type: 'string', default: '60' } } as const;
export const allowCommandsOption = { 'allow-commands': { type: 'boolean', default: false } } as const;

export interface MachineOptions {
  /** Seconds as the user wrote them. */
  timeout: string;
  /** Whether the manifest's own commands may run. */
  'allow-commands'?: boolean;
}

/**
 * Runs `act` with this machine.
 * @throws CommandFailure if an option has a wrong value
 */
export async function withThisMachine<T>(
  options: MachineOptions,
  act: (machine: Machine, options: { concurrency: number }) => Promise<T>,
): Promise<T> {
  const { timeout, 'allow-commands': allowed = false } = options;
  const machine = ownMachine(secondsOf(timeout), allowed);
  const concurrency = Math.max(4, 2 * availableParallelism());
  return act(machine, { concurrency }).finally(machine.close);
}

/**
 * Reads the time limit.
 * @throws CommandFailure if it is no number of seconds, or not a sensible one
 */
export function secondsOf(timeout: string): number {
  const seconds = Number(timeout);
  if (seconds > 0 && seconds <= 3600) return seconds;
  throw new CommandFailure(exitCodes.usage, `--timeout is ${timeout}: expected 1 to 3600 seconds.`);
}

function ownMachine(seconds: number, allowed: boolean): Machine {
  const job = readJob();
  const opened = openMachine(job, startDeadline(seconds * 1000), allowed);
  // Outside of a job no stranger's event starts this: whoever types the command decides.
  const own = job.eventName === '' ? { trusted: true, strangersManifest: false, allowCommands: allowed } : {};
  const machine = { ...opened, ...own };
  const howToAllow = 'Give the option --allow-commands, if you trust who can change the manifest.';
  return machine.trusted ? { ...machine, howToAllow } : machine;
}
