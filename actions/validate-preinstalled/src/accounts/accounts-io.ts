import { execute } from '@runner-actions/core';
import { isUnknown, type MaybeUnknown, readKernelStart } from '@runner-actions/host';
import type { Machine } from '../kinds/kind.ts';
import { probeEnvironment } from '../probe-environment.ts';
import { type Group, parseGroups, parseMemberships, parseUsers, type User } from './accounts.ts';

type Asker = Pick<Machine, 'job' | 'deadline' | 'once'>;

/** Bytes of a file of users or groups. */
const limitBytes = 8 * 2 ** 20;
/** Milliseconds for a directory service. */
const timeout = 5_000;

/** Finds a user by its name or id: in /etc/passwd, else in the other sources of the system, such as LDAP. */
export function findUser(nameOrId: string, asker: Asker): Promise<MaybeUnknown<User | undefined>> {
  return find('passwd', nameOrId, asker, parseUsers, ({ uid }) => uid);
}

/** Finds a group by its name or id: in /etc/group, else in the other sources of the system. */
export function findGroup(nameOrId: string, asker: Asker): Promise<MaybeUnknown<Group | undefined>> {
  return find('group', nameOrId, asker, parseGroups, ({ gid }) => gid);
}

async function find<T extends { name: string }>(
  database: 'passwd' | 'group',
  nameOrId: string,
  asker: Asker,
  parse: (text: string) => T[],
  idOf: (found: T) => number,
): Promise<MaybeUnknown<T | undefined>> {
  if (process.platform === 'win32') return { unknown: 'users and groups cannot be read on Windows' };
  const text = readKernelStart({}, `/etc/${database}`, limitBytes) ?? '';
  const isMeant = (one: T): boolean => one.name === nameOrId || String(idOf(one)) === nameOrId;
  const inFile = parse(text).find(isMeant);
  if (inFile !== undefined) return inFile;
  const answer = await getent(database, nameOrId, asker);
  return isUnknown(answer) ? answer : parse(answer ?? '').find(isMeant);
}

/** Asks all sources of the system. @returns `undefined` if none of them has the key */
function getent(
  database: 'passwd' | 'group' | 'initgroups',
  key: string,
  { job, deadline, once }: Asker,
): Promise<MaybeUnknown<string | undefined>> {
  return once(`getent ${database} ${key}`, async () => {
    if (process.platform !== 'linux')
      return { unknown: `users and groups outside of /etc cannot be read on ${process.platform}` };
    const options = { env: probeEnvironment(job.environment), deadline, timeout };
    const { status, code, stdout } = await execute(['getent', database, key], options);
    // Without getent there is no source but the files. Source: getent(1), 2: not found.
    if (status === 'not-started' || (status === 'exited' && code === 2)) return undefined;
    if (status === 'exited' && code === 0) return stdout;
    return { unknown: `getent ${database} ended with ${code ?? status}` };
  });
}

/** Returns whether the databases of the system put a user in a group. */
export async function isMember(user: User, group: Group, asker: Asker): Promise<MaybeUnknown<boolean>> {
  if (user.gid === group.gid || group.members.includes(user.name)) return true;
  const listed = await getent('initgroups', user.name, asker);
  return isUnknown(listed) ? listed : parseMemberships(listed ?? '').includes(group.gid);
}

/** The user of this process. Its name is the id if it has none, as in many containers. */
export async function ownUser(asker: Asker): Promise<User> {
  const [uid, gid] = [process.geteuid?.() ?? -1, process.getegid?.() ?? -1];
  const found = await findUser(String(uid), asker);
  const unnamed = { name: String(uid), uid, gid, home: '/', shell: '/bin/sh' };
  return found === undefined || isUnknown(found) ? unnamed : found;
}

/** Ids of the groups of this process. It got them when the runner was started. */
export function ownGroups(): ReadonlySet<number> {
  return new Set([process.getegid?.() ?? -1, ...(process.getgroups?.() ?? [])]);
}
