import * as v from 'valibot';
import { described, mapOf, oneOrMore, textSchema } from '@runner-actions/config';
import { type BaseRequirement, commonKeys, entry, ownKeys, removedEntry } from '../requirement.ts';

/**
 * Name or id of a user or group. It does not begin with "-", so that no program takes it for an option. A domain may be
 * part of it. Source: shadow-utils, useradd(8); sssd.conf(5).
 */
export const accountName = v.pipe(
  textSchema,
  v.regex(/^[A-Za-z0-9_][\w.@\\+-]{0,99}\$?$/, 'the name or id of a user or group'),
);
const key = v.pipe(v.string(), v.regex(/^[A-Za-z_][\w.@\\+-]{0,99}\$?$/, 'the name of a user or group'));
const id = v.pipe(v.number('a whole number'), v.integer('a whole number'), v.minValue(0, 'a whole number'));
const absolute = v.pipe(v.string(), v.startsWith('/', 'an absolute path'));
const groupNames = oneOrMore(accountName, 'a name such as docker, or a list such as [docker, kvm]');
const absent = v.optional(described(v.literal(true, 'true'), 'There must be none of this name'));

const user = v.strictObject(
  {
    absent,
    uid: v.optional(described(id, 'Its id')),
    groups: v.optional(described(groupNames, 'Groups that it is in, whether primary or not')),
    home: v.optional(described(absolute, 'Its home directory')),
    shell: v.optional(described(absolute, 'Its shell')),
    ...commonKeys,
  },
  'a map such as { groups: docker }, or {} if only its name counts',
);

export interface UserRequirement extends BaseRequirement {
  kind: 'user';
  spec: Omit<v.InferOutput<typeof user>, keyof typeof commonKeys>;
}

/** Users of the machine. */
export const users = v.pipe(
  mapOf(
    key,
    v.nullable(described(user, 'Name of the user. `{}` means that there is one')),
    'a map such as { runner: {} }',
  ),
  v.transform((named) =>
    Object.entries(named).map(([name, given]) =>
      given === null
        ? removedEntry<UserRequirement>({ kind: 'user', name, spec: {} }, ['users', name])
        : entry<UserRequirement>({ kind: 'user', name, spec: ownKeys(given) }, ['users', name], given),
    ),
  ),
);

const group = v.strictObject(
  { absent, gid: v.optional(described(id, 'Its id')), ...commonKeys },
  'a map such as { gid: 999 }, or {} if only its name counts',
);

export interface GroupRequirement extends BaseRequirement {
  kind: 'group';
  spec: Omit<v.InferOutput<typeof group>, keyof typeof commonKeys>;
}

/** Groups of the machine. */
export const groups = v.pipe(
  mapOf(
    key,
    v.nullable(described(group, 'Name of the group. `{}` means that there is one')),
    'a map such as { docker: {} }',
  ),
  v.transform((named) =>
    Object.entries(named).map(([name, given]) =>
      given === null
        ? removedEntry<GroupRequirement>({ kind: 'group', name, spec: {} }, ['groups', name])
        : entry<GroupRequirement>({ kind: 'group', name, spec: ownKeys(given) }, ['groups', name], given),
    ),
  ),
);

/** A group that the job's own processes must be in. Its name is that of the group. */
export interface MembershipRequirement extends BaseRequirement {
  kind: 'membership';
}

const ownUser = v.strictObject(
  {
    groups: described(groupNames, 'Groups that the processes of the job are in now, such as docker or kvm'),
    ...commonKeys,
  },
  'a map such as { groups: docker }',
);

/** The user of the job. */
export const jobUser = v.pipe(
  ownUser,
  v.transform(({ groups, ...common }) =>
    [groups]
      .flat()
      .map((name) => entry<MembershipRequirement>({ kind: 'membership', name }, ['user', 'groups'], common)),
  ),
);
