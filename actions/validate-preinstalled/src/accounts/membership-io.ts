import type { Machine } from '../kinds/kind.ts';
import type { Group, User } from './accounts.ts';
import { isMember, ownGroups, ownUser } from './accounts-io.ts';
import type { Membership } from './membership.ts';

/** Returns whether this process is in a group, and who its user is. */
export async function membershipOf(
  group: Group,
  machine: Machine,
): Promise<{ user: User; membership: Membership }> {
  const user = await ownUser(machine);
  if (ownGroups().has(group.gid)) return { user, membership: 'in' };
  // If the sources of the system do not answer, this process is not in the group all the same.
  const member = await isMember(user, group, machine);
  return { user, membership: member === true ? 'stale' : 'out' };
}
