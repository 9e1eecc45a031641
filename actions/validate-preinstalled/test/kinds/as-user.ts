import { spawnSync } from 'node:child_process';
import type { Finding } from '../../src/kinds/kind.ts';
import { checkCommand, readFinding } from './check-command.ts';

/** Why tests of another user are skipped, for their titles; '' if they run. */
export const notRoot = process.getuid?.() === 0 ? '' : ' (skipped: only root can become another user)';

/** A user that has no rights, and that has a name on every system. */
export const nobody = 65_534;

interface AsUser {
  /** Ids of the groups of the process. */
  groups?: readonly number[];
  environment?: Record<string, string>;
  /** A command from `withMounts`. */
  wrap?: readonly string[];
}

/** Checks the first requirement of a section as an ordinary user. */
export function checkAsUser(
  section: string,
  part: unknown,
  { groups = [], environment = {}, wrap = [] }: AsUser = {},
): Finding {
  const ofGroups = groups.length === 0 ? ['--clear-groups'] : [`--groups=${groups.join(',')}`];
  const become = [`--reuid=${nobody}`, `--regid=${nobody}`, ...ofGroups];
  const command = [...wrap, 'setpriv', ...become, ...checkCommand(section, part)];
  const [program = '', ...args] = command;
  const env = { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'], ...environment };
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env, cwd: '/' });
  if (stdout === '') throw new Error(stderr);
  return readFinding(stdout);
}
