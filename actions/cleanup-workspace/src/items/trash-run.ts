import { type Deadline, execute, startDeadline } from '@runner-actions/core';
import { type ContainerEngine, EngineError, ownerName, ownerOf } from '@runner-actions/host';
import type { TrashFolder } from '../trash-survey.ts';
import { type Answer, ownerLabel, readExitCode, script, trashLabel } from './trash.ts';

/** A folder of the trash, and where it is. */
export type Target = Pick<TrashFolder, 'name' | 'identity' | 'moves'> & {
  path: string;
  /** The work folder, without links. */
  work: string;
};

/** Milliseconds to remove a container after its time has passed. */
export const reserve = 3_000;

const argumentsOf = ({ identity, moves }: Target, path: string, where: 'confined' | 'open'): string[] => [
  ...['-c', script, 'sh', path, identity, where],
  ...moves.map((name) => `./${name}`),
];

/**
 * Empties a folder by a container that sees nothing else. DAC_OVERRIDE lets it read and change every folder, and FOWNER
 * folders with the sticky bit.
 * @throws EngineError if the engine does not do it; with a status, another image may
 */
export async function runContainer(
  engine: ContainerEngine,
  image: string,
  target: Target,
  deadline: Deadline,
): Promise<Answer> {
  const time = deadline.limit(Math.max(0, deadline.remaining() - reserve));
  const folder = `/${target.name}`;
  const id = await engine.createContainer(
    {
      ...{ image, argv: ['sh', ...argumentsOf(target, folder, 'confined')] },
      ...{ folder: { source: target.path, target: folder }, capabilities: ['DAC_OVERRIDE', 'FOWNER'] },
      labels: { [trashLabel]: target.work, [ownerLabel]: ownerName(ownerOf(process.pid)) },
    },
    time,
  );
  try {
    await engine.startContainer(id, time);
    return readExitCode(await engine.waitForContainer(id, time));
  } finally {
    // If that fails, the next clean-up does it.
    await engine.removeContainer(id, startDeadline(reserve)).catch((error: unknown) => {
      if (!(error instanceof EngineError)) throw error;
    });
  }
}

/**
 * Empties a folder by `sudo`. It never asks for a password. `timeout` has the right to end what it has started; this
 * process does not.
 * @param sudo the program and its first arguments
 */
export async function runSudo(target: Target, deadline: Deadline): Promise<Answer> {
  const seconds = Math.floor((deadline.remaining() - reserve) / 1000);
  if (seconds < 1) return 'not all';
  const limited = ['/usr/bin/timeout', '-s', 'KILL', String(seconds)];
  const argv = ['sudo', '-n', '--', ...limited, '/bin/sh', ...argumentsOf(target, target.path, 'open')];
  const ended = execute(argv, { deadline, timeout: deadline.remaining(), limitBytes: 4096 });
  // A process of root cannot be killed here. It may wait for a file system.
  const late = new Promise<undefined>((resolve) => {
    setTimeout(() => resolve(undefined), deadline.remaining()).unref();
  });
  const result = await Promise.race([ended, late]);
  return result?.status === 'exited' ? readExitCode(result.code ?? 1) : 'not all';
}
