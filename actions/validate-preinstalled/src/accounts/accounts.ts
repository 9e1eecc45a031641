/** One line of passwd(5). */
export interface User {
  name: string;
  uid: number;
  /** Its primary group. */
  gid: number;
  home: string;
  shell: string;
}

/** One line of group(5). `members` does not list users whose primary group it is. */
export interface Group {
  name: string;
  gid: number;
  members: readonly string[];
}

/** Parses passwd(5). Skips invalid lines. */
export function parseUsers(text: string): User[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', , uid = '', gid = '', , home = '', shell = ''] = line.split(':');
    const isLine = name !== '' && /^\d{1,10}$/.test(uid) && /^\d{1,10}$/.test(gid);
    // An empty shell stands for /bin/sh.
    return isLine ? [{ name, uid: Number(uid), gid: Number(gid), home, shell: shell || '/bin/sh' }] : [];
  });
}

/** Parses group(5). Skips invalid lines. */
export function parseGroups(text: string): Group[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', , gid = '', members = ''] = line.split(':');
    if (name === '' || !/^\d{1,10}$/.test(gid)) return [];
    return [{ name, gid: Number(gid), members: members.split(',').filter((member) => member !== '') }];
  });
}

/** Parses the line of `getent initgroups`: a name, and ids of groups. */
export function parseMemberships(text: string): number[] {
  return text.split('\n', 1).flatMap((line) => line.trim().split(/\s+/).slice(1).map(Number));
}
