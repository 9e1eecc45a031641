import type { Group, User } from './accounts.ts';

/** `stale`: the user is in the group, but this process is not, since the runner was started before. */
export type Membership = 'in' | 'stale' | 'out';

/** Describes that this process is not in a group, and what to do about it. */
export function explainMembership(
  membership: Exclude<Membership, 'in'>,
  user: Pick<User, 'name'>,
  group: Pick<Group, 'name'>,
): { found: string; advice: string } {
  const restart = 'restart the runner, since its processes keep the groups that they were started with';
  if (membership === 'stale')
    return {
      found: `${user.name} is in the group ${group.name} in /etc/group, but not in this process`,
      advice: `To apply it, ${restart}.`,
    };
  return {
    found: `${user.name} is not in the group ${group.name}`,
    advice: `Run 'sudo usermod -aG ${group.name} ${user.name}', then ${restart}.`,
  };
}
