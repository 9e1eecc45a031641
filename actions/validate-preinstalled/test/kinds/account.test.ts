import { userInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { explainMembership } from '../../src/accounts/membership.ts';
import { parseGroups, parseMemberships, parseUsers } from '../../src/accounts/accounts.ts';
import { checkKind } from './check-kind.ts';

const own = userInfo();
const environment = { PATH: process.env['PATH'] };
const isLinux = process.platform === 'linux';

describe.skipIf(!isLinux)('users', () => {
  it.each([
    [own.username, {}, 'pass', /the id/],
    [own.username, { uid: own.uid, home: own.homedir }, 'pass', /the id/],
    [own.username, { uid: own.uid + 1 }, 'fail', /the id/],
    [own.username, { shell: '/no/shell' }, 'fail', /the shell/],
    [own.username, { home: '/no/home' }, 'fail', /the home/],
    [own.username, { groups: 'no-such-group' }, 'fail', /no group/],
    [own.username, { absent: true }, 'fail', /a user/],
    ['no-such-user', {}, 'fail', /no such user/],
    ['no-such-user', { absent: true }, 'pass', /no such user/],
    ['nobody', { groups: 'daemon' }, 'fail', /not in daemon/],
  ])('checks %s with %j: %s', async (name, spec, status, found) => {
    const finding = await checkKind('users', { [name]: spec }, environment);
    expect(finding.status).toBe(status);
    expect(finding.found).toMatch(found);
  });
});

describe.skipIf(!isLinux)('groups', () => {
  it.each([
    ['daemon', {}, 'pass', /the id/],
    ['daemon', { gid: 54_321 }, 'fail', /the id/],
    ['no-such-group', {}, 'fail', /no such group/],
    ['no-such-group', { absent: true }, 'pass', /no such group/],
    ['daemon', { absent: true }, 'fail', /a group/],
  ])('checks %s with %j: %s', async (name, spec, status, found) => {
    const finding = await checkKind('groups', { [name]: spec }, environment);
    expect(finding.status).toBe(status);
    expect(finding.found).toMatch(found);
  });
});

describe.skipIf(!isLinux)("the groups of the job's user", () => {
  it.each([
    [String(own.gid), 'pass', /is in it/],
    ['daemon', 'fail', /is not in the group daemon/],
    ['no-such-group', 'fail', /no group no-such-group/],
  ])('checks %s: %s', async (group, status, found) => {
    const finding = await checkKind('user', { groups: [group] }, environment);
    expect(finding.status).toBe(status);
    expect(finding.found).toMatch(found);
  });

  it('names the command that adds the user, and says that the runner must be restarted', () => {
    expect(explainMembership('out', { name: 'ci' }, { name: 'docker' }).advice).toMatch(
      /'sudo usermod -aG docker ci', then restart the runner/,
    );
    const { found, advice } = explainMembership('stale', { name: 'ci' }, { name: 'docker' });
    expect(found).toBe('ci is in the group docker in /etc/group, but not in this process');
    expect(advice).toMatch(/restart the runner/);
  });
});

describe('the databases of users and groups', () => {
  it('skips lines that are none, and reads an empty shell as /bin/sh', () => {
    expect(parseUsers('ci:x:1001:1001:CI:/home/ci:\n# no\n+::::::\n:x:1:1:::\n')).toEqual([
      { name: 'ci', uid: 1001, gid: 1001, home: '/home/ci', shell: '/bin/sh' },
    ]);
    expect(parseGroups('docker:x:998:ci,other\nempty:x:7:\nbad:x:x:\n')).toEqual([
      { name: 'docker', gid: 998, members: ['ci', 'other'] },
      { name: 'empty', gid: 7, members: [] },
    ]);
  });

  it('reads the ids that getent gives for a user', () => {
    // Recorded on Debian 12: `getent initgroups root`. The second one is documented: getent(1).
    expect(parseMemberships('root                 \n')).toEqual([]);
    expect(parseMemberships('ci                    998 108\n')).toEqual([998, 108]);
  });
});
