import { availableParallelism } from 'node:os';
import { CommandFailure, exitCodes, readJob, startDeadline } from '@runner-actions/core';
import { openMachine } from '@runner-actions/validate-preinstalled/machine';
import type { takeSnapshot } from '@runner-actions/validate-preinstalled/snapshot';

/** Options of the commands that describe this machine. */
export const machineOptions = {
  packages: { type: 'string', default: 'all' },
  timeout: { type: 'string', default: '60' },
} as const;

export const machineUsage = `  --packages KIND    all, or only those that somebody chose and that did not come with others: chosen
  --timeout SECONDS  time limit for the machine, 60 by default`;

/**
 * Runs `act` with this machine and the options of a snapshot.
 * @throws CommandFailure if an option has a wrong value
 */
export async function withThisMachine<T>(
  { packages, timeout }: { packages: string; timeout: string },
  act: (machine: ReturnType<typeof openMachine>, options: Parameters<typeof takeSnapshot>[1]) => Promise<T>,
): Promise<T> {
  if (packages !== 'all' && packages !== 'chosen')
    throw new CommandFailure(exitCodes.usage, `--packages is ${packages}: expected all or chosen.`);
  const seconds = Number(timeout);
  if (!(seconds > 0 && seconds <= 3600))
    throw new CommandFailure(exitCodes.usage, `--timeout is ${timeout}: expected 1 to 3600 seconds.`);
  const machine = openMachine(readJob(), startDeadline(seconds * 1000));
  const concurrency = Math.max(4, 2 * availableParallelism());
  return act(machine, { packages, concurrency }).finally(machine.close);
}
