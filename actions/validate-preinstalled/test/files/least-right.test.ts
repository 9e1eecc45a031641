import { describe, expect, it } from 'vitest';
import { adviceToExecute } from '../../src/files/least-right.ts';

describe('the advice for a file that this user may not execute', () => {
  const file = { path: '/opt/a tool', uid: 1000, gid: 100 };
  const advise = (uid: number, groups: readonly number[], platform: NodeJS.Platform = 'linux') =>
    adviceToExecute(file, 'x', { uid, groups: new Set(groups) }, platform).replace('sudo ', '');

  it.each([
    ['is the right of the owner, to the owner', advise(1000, [100]), "Run chmod u+x '/opt/a tool'"],
    ['is the right of the owner, to root', advise(0, [0]), "Run chmod u+x '/opt/a tool'"],
    ['is the right of the group, to its members', advise(7, [7, 100]), "Run chmod g+x '/opt/a tool'"],
    ['is a right of this user, to others', advise(7, [7]), "Run setfacl -m u:7:x '/opt/a tool'"],
    [
      'names no command where there are no such rights',
      advise(7, [7], 'darwin'),
      'Give the user 7 the right to execute /opt/a tool',
    ],
  ])('%s', (_, advice, expected) => {
    expect(advice).toBe(expected);
    expect(advice).not.toMatch(/chown|a\+|o\+|chmod \+/);
  });

  it('lets a script be read as well', () => {
    expect(adviceToExecute(file, 'rx', { uid: 1000, groups: new Set() })).toContain('chmod u+rx');
  });
});
