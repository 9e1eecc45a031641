import { isUnknown } from '@runner-actions/host';
import type { FileRequirement } from '@runner-actions/manifest';
import { findGroup, findUser, ownUser } from '../accounts/accounts-io.ts';
import { explainMembership } from '../accounts/membership.ts';
import { membershipOf } from '../accounts/membership-io.ts';
import type { Machine } from '../kinds/kind.ts';
import { adviceToExecute } from './least-right.ts';
import { type Fault, groupHas, missingRights, octal, type There } from './judge-facts.ts';

type Spec = FileRequirement['spec'];

/** Returns what is wrong with the owner and the group of a path. @throws Error if that is unknown */
export async function faultOfOwner(facts: There, spec: Spec, machine: Machine): Promise<Fault | undefined> {
  if (spec.owner !== undefined) {
    const found = known(await findUser(spec.owner, machine));
    const wanted = found?.uid ?? numeric(spec.owner);
    if (wanted === undefined)
      return { found: `no user ${spec.owner} on this machine`, advice: `Run 'sudo useradd ${spec.owner}'.` };
    if (wanted !== facts.uid)
      return {
        found: `of ${await nameOf(facts.uid, findUser, machine)}`,
        advice: `Run 'sudo chown ${spec.owner} ${facts.path}'.`,
      };
  }
  if (spec.group === undefined) return undefined;
  const found = known(await findGroup(spec.group, machine));
  const wanted = found?.gid ?? numeric(spec.group);
  if (wanted === undefined)
    return { found: `no group ${spec.group} on this machine`, advice: `Run 'sudo groupadd ${spec.group}'.` };
  if (wanted === facts.gid) return undefined;
  return {
    found: `of the group ${await nameOf(facts.gid, findGroup, machine)}`,
    advice: `Run 'sudo chgrp ${spec.group} ${facts.path}'.`,
  };
}

const numeric = (text: string): number | undefined => (/^\d{1,10}$/.test(text) ? Number(text) : undefined);

function known<T>(answer: T | { unknown: string }): T {
  if (isUnknown(answer)) throw new Error(answer.unknown);
  return answer as T;
}

async function nameOf(
  id: number,
  find: typeof findUser | typeof findGroup,
  machine: Machine,
): Promise<string> {
  const found = await find(String(id), machine);
  return found === undefined || isUnknown(found) ? String(id) : found.name;
}

/** Returns what this user may not do with a path although it must. If its group may, the advice is to join the group. */
export async function faultOfRights(facts: There, spec: Spec, machine: Machine): Promise<Fault | undefined> {
  const missing = missingRights(facts, spec);
  if (missing.length === 0) return undefined;
  const user = await ownUser(machine);
  const owner = `${octal(facts.mode)}, of ${await nameOf(facts.uid, findUser, machine)}`;
  const cannot = `${user.name} may not ${missing.join(', ')} it`;
  const group = await findGroup(String(facts.gid), machine);
  if (group !== undefined && !isUnknown(group) && groupHas(facts, missing)) {
    const { membership } = await membershipOf(group, machine);
    if (membership !== 'in') {
      const { found, advice } = explainMembership(membership, user, group);
      return { found: `not accessible: ${cannot} (${owner}:${group.name}); ${found}`, advice };
    }
  }
  if (missing.length === 1 && missing[0] === 'execute')
    return {
      found: `not executable by ${user.name} (${owner})`,
      advice: `${adviceToExecute(facts, 'x')}.`,
    };
  return {
    found: `not accessible: ${cannot} (${owner})`,
    advice: `Give ${user.name} the right to ${missing.join(', ')} it.`,
  };
}
