import { isUnknown } from '@runner-actions/host';
import type { GroupRequirement, MembershipRequirement, UserRequirement } from '@runner-actions/manifest';
import type { User } from '../accounts/accounts.ts';
import { findGroup, findUser, isMember } from '../accounts/accounts-io.ts';
import { explainMembership } from '../accounts/membership.ts';
import { membershipOf } from '../accounts/membership-io.ts';
import type { Finding, Kind, Machine } from './kind.ts';

const fail = (found: string, wanted: string, advice: string): Finding => ({
  ...{ status: 'fail', found, wanted, advice },
});

/** A user of the machine. */
export const user = {
  async check({ name, spec }, machine) {
    const wanted = wantedUser(spec);
    const found = await findUser(name, machine);
    if (isUnknown(found)) return { status: 'error', found: found.unknown, wanted };
    if (spec.absent === true)
      return found === undefined
        ? { status: 'pass', found: 'no such user', wanted }
        : fail(`a user with the id ${found.uid}`, wanted, `Run 'sudo userdel ${name}'.`);
    if (found === undefined) return fail('no such user', wanted, `Run 'sudo useradd ${name}'.`);
    const wrong = wrongFields(found, spec);
    if (wrong !== undefined) return fail(wrong.found, wanted, `Run 'sudo usermod ${wrong.option} ${name}'.`);
    return checkGroups(found, [spec.groups ?? []].flat(), wanted, machine);
  },
} satisfies Kind<UserRequirement>;

function wantedUser({ absent, uid, home, shell, groups }: UserRequirement['spec']): string {
  if (absent === true) return 'no such user';
  const parts = [
    uid === undefined ? '' : `the id ${uid}`,
    home === undefined ? '' : `the home ${home}`,
    shell === undefined ? '' : `the shell ${shell}`,
    groups === undefined ? '' : `in ${[groups].flat().join(', ')}`,
  ];
  return parts.filter((part) => part !== '').join(', ') || 'a user';
}

function wrongFields(
  found: User,
  { uid, home, shell }: UserRequirement['spec'],
): { found: string; option: string } | undefined {
  if (uid !== undefined && found.uid !== uid) return { found: `the id ${found.uid}`, option: `-u ${uid}` };
  if (home !== undefined && found.home !== home)
    return { found: `the home ${found.home || '(none)'}`, option: `-d ${home}` };
  if (shell !== undefined && found.shell !== shell)
    return { found: `the shell ${found.shell}`, option: `-s ${shell}` };
  return undefined;
}

async function checkGroups(
  found: User,
  names: readonly string[],
  wanted: string,
  machine: Machine,
): Promise<Finding> {
  for (const name of names) {
    const group = await findGroup(name, machine);
    if (isUnknown(group)) return { status: 'error', found: group.unknown, wanted };
    if (group === undefined) return fail(`no group ${name}`, wanted, `Run 'sudo groupadd ${name}'.`);
    const member = await isMember(found, group, machine);
    if (isUnknown(member)) return { status: 'error', found: member.unknown, wanted };
    if (!member)
      return fail(
        `not in ${name}`,
        wanted,
        `Run 'sudo usermod -aG ${name} ${found.name}', and restart its programs.`,
      );
  }
  return { status: 'pass', found: `the id ${found.uid}`, wanted };
}

/** A group of the machine. */
export const group = {
  async check({ name, spec }, machine) {
    const { absent, gid } = spec;
    const wanted = absent === true ? 'no such group' : gid === undefined ? 'a group' : `the id ${gid}`;
    const found = await findGroup(name, machine);
    if (isUnknown(found)) return { status: 'error', found: found.unknown, wanted };
    if (absent === true)
      return found === undefined
        ? { status: 'pass', found: 'no such group', wanted }
        : fail(`a group with the id ${found.gid}`, wanted, `Run 'sudo groupdel ${name}'.`);
    const option = gid === undefined ? '' : `-g ${gid} `;
    if (found === undefined) return fail('no such group', wanted, `Run 'sudo groupadd ${option}${name}'.`);
    if (gid !== undefined && found.gid !== gid)
      return fail(`the id ${found.gid}`, wanted, `Run 'sudo groupmod ${option}${name}'.`);
    return { status: 'pass', found: `the id ${found.gid}`, wanted };
  },
} satisfies Kind<GroupRequirement>;

/** A group that the processes of the job are in. */
export const membership = {
  async check({ name }, machine) {
    const wanted = "a group of the job's processes";
    const group = await findGroup(name, machine);
    if (isUnknown(group)) return { status: 'error', found: group.unknown, wanted };
    if (group === undefined)
      return fail(
        `no group ${name}`,
        wanted,
        `Install what brings the group, or run 'sudo groupadd ${name}'.`,
      );
    const { user: own, membership: state } = await membershipOf(group, machine);
    if (state === 'in') return { status: 'pass', found: `${own.name} is in it`, wanted };
    const { found, advice } = explainMembership(state, own, group);
    return fail(found, wanted, advice);
  },
} satisfies Kind<MembershipRequirement>;
