import { ownGroups } from '../accounts/accounts-io.ts';
import { remedyText } from '../machine-facts/packages/install-command.ts';

/** What a file is like for one who may not execute it. */
interface Locked {
  path: string;
  uid: number;
  gid: number;
}

/** Who needs the right. */
interface Asker {
  uid: number;
  groups: ReadonlySet<number>;
}

/**
 * Advises how this user gets the right to execute a file, and nobody else where that can be: others of the machine do
 * not need it for this job. It never advises another owner.
 * @param right `rx` for a script, whose interpreter must read it
 */
export function adviceToExecute(
  { path, uid, gid }: Locked,
  right: 'x' | 'rx',
  asker: Asker = { uid: process.geteuid?.() ?? -1, groups: ownGroups() },
  platform = process.platform,
): string {
  const run = (...command: string[]): string => `Run ${remedyText({ command, packages: [path] })}`;
  // The right of anybody is enough for root, so that of the owner is the least.
  if (asker.uid === uid || asker.uid === 0) return run('chmod', `u+${right}`);
  if (asker.groups.has(gid)) return run('sudo', 'chmod', `g+${right}`);
  if (platform === 'linux') return run('sudo', 'setfacl', '-m', `u:${asker.uid}:${right}`);
  return `Give the user ${asker.uid} the right to execute ${path}`;
}
