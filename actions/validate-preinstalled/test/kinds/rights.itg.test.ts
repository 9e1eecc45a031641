import { chmodSync, chownSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withMounts } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { checkAsUser, notRoot } from './as-user.ts';
import { checkKind } from './check-kind.ts';

/** The id of the group `daemon`, which every Debian has. */
const daemon = 1;

function makeFile(mode: number, group = 0): string {
  const folder = mkdtempSync(join(tmpdir(), 'rights-'));
  chmodSync(folder, 0o755);
  const path = join(folder, 'file');
  writeFileSync(path, 'content');
  chownSync(path, 0, group);
  chmodSync(path, mode);
  return path;
}

describe.skipIf(notRoot !== '')(`files and an ordinary user${notRoot}`, () => {
  it('fails for a file that the user may not read', () => {
    expect(checkAsUser('files', [{ path: makeFile(0o600) }])).toMatchObject({
      status: 'fail',
      found: 'not accessible: nobody may not read it (0600, of root)',
    });
  });

  it('does not need to read a file of which only the mode and the owner are stated', () => {
    const path = makeFile(0o600);
    expect(checkAsUser('files', [{ path, mode: '0600', owner: 'root' }])).toMatchObject({ status: 'pass' });
    expect(checkAsUser('files', [{ path, mode: '0640' }])).toMatchObject({
      status: 'fail',
      advice: `Run 'sudo chmod 0640 ${path}'.`,
    });
  });

  it('fails for what is in a folder that the user may not search, and does not take it for missing', () => {
    const path = makeFile(0o644);
    chmodSync(join(path, '..'), 0o700);
    expect(checkAsUser('files', [{ path }])).toMatchObject({
      status: 'fail',
      found: 'in a folder that this user may not search',
    });
    expect(checkAsUser('files', [{ path, absent: true }])).toMatchObject({ status: 'error' });
    expect(checkAsUser('files', [{ path: join(path, '../*') }])).toMatchObject({ status: 'error' });
  });

  it('advises to let this user execute a file, and not everyone', () => {
    const path = makeFile(0o644);
    expect(checkAsUser('files', [{ path, type: 'executable' }])).toMatchObject({
      status: 'fail',
      found: 'not executable by nobody (0644, of root)',
      advice: `Run sudo setfacl -m u:65534:x ${path}.`,
    });
  });

  it('names the group that has the right, and how to join it', () => {
    const path = makeFile(0o660, daemon);
    const spec = { path, access: ['read', 'write'] };
    expect(checkAsUser('files', [spec])).toMatchObject({
      status: 'fail',
      found: expect.stringContaining('0660, of root:daemon); nobody is not in the group daemon'),
      advice: expect.stringContaining('sudo usermod -aG daemon nobody'),
    });
    expect(checkAsUser('files', [spec], { groups: [daemon] })).toMatchObject({ status: 'pass' });
  });

  it('says of a folder that the user may not write it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rights-'));
    mkdirSync(join(folder, 'sub'));
    chmodSync(folder, 0o755);
    const spec = { path: join(folder, 'sub'), type: 'directory', access: ['write'] };
    expect(checkAsUser('files', [spec])).toMatchObject({
      status: 'fail',
      found: expect.stringContaining('may not write'),
    });
  });
});

describe.skipIf(notRoot !== '')(`groups and an ordinary user${notRoot}`, () => {
  it('asks the process, and not the database', () => {
    expect(checkAsUser('user', { groups: ['daemon'] })).toMatchObject({ status: 'fail' });
    expect(checkAsUser('user', { groups: ['daemon'] }, { groups: [daemon] })).toMatchObject({
      status: 'pass',
      found: 'nobody is in it',
    });
  });
});

const group = join(mkdtempSync(join(tmpdir(), 'etc-')), 'group');
writeFileSync(group, 'root:x:0:\nci:x:4242:nobody\n', { mode: 0o644 });
chmodSync(join(group, '..'), 0o755);
const wrap = withMounts([['--bind', group, '/etc/group']]);
const reason = notRoot || (wrap === undefined ? ' (skipped: this machine allows no mounts)' : '');

describe.skipIf(reason !== '')(`a group that the user joined after the start of the runner${reason}`, () => {
  it('is not one of the process', () => {
    expect(checkAsUser('user', { groups: 'ci' }, { wrap: wrap ?? [] })).toMatchObject({
      status: 'fail',
      found: 'nobody is in the group ci in /etc/group, but not in this process',
      advice: expect.stringContaining('restart the runner'),
    });
    expect(checkAsUser('user', { groups: 'ci' }, { wrap: wrap ?? [], groups: [4242] })).toMatchObject({
      status: 'pass',
    });
    expect(checkAsUser('users', { nobody: { groups: ['ci'] } }, { wrap: wrap ?? [] })).toMatchObject({
      status: 'pass',
    });
  });
});

const tree = mkdtempSync(join(tmpdir(), 'tree-'));
chmodSync(tree, 0o755);
for (const name of ['mounted', 'other']) mkdirSync(join(tree, name), { mode: 0o755 });
writeFileSync(join(tree, 'other/x'), 'x', { mode: 0o644 });
const wrapTree = withMounts([['--bind', join(tree, 'other'), join(tree, 'mounted')]]);

describe.skipIf(reason !== '')(`a pattern and what is mounted below its start${reason}`, () => {
  it.each([
    ['**/x', '1 matches'],
    ['*/x', '2 matches'],
    ['mounted/**/x', '1 matches'],
  ])('%s: %s', (pattern, found) =>
    expect(checkAsUser('files', [{ path: join(tree, pattern) }], { wrap: wrapTree ?? [] })).toMatchObject({
      found,
    }),
  );
});

describe('users and groups of a directory service', () => {
  /** A `getent` that knows one user and one group more, and fails for others. */
  const folder = mkdtempSync(join(tmpdir(), 'getent-'));
  const script = `#!/bin/sh
case "$1 $2" in
  'passwd remote') echo 'remote:*:70001:70000:Remote:/home/remote:/bin/zsh' ;;
  'group staff-remote') echo 'staff-remote:*:70002:' ;;
  'initgroups remote') echo 'remote 70000 70002' ;;
  *broken*) exit 3 ;;
  *) exit 2 ;;
esac
`;
  writeFileSync(join(folder, 'getent'), script, { mode: 0o755 });
  const PATH = `${folder}:${process.env['PATH'] ?? ''}`;

  it.skipIf(process.platform !== 'linux').each([
    ['users', { remote: { uid: 70_001, shell: '/bin/zsh', groups: 'staff-remote' } }, 'pass'],
    ['users', { remote: { uid: 70_000 } }, 'fail'],
    ['users', { remote: { groups: 'root' } }, 'fail'],
    ['groups', { 'staff-remote': { gid: 70_002 } }, 'pass'],
    ['users', { absentee: {} }, 'fail'],
    ['users', { broken: {} }, 'error'],
    ['groups', { broken: { absent: true } }, 'error'],
  ])('checks %s: %j: %s', async (section, part, status) =>
    expect(await checkKind(section, part, { PATH })).toMatchObject({ status }),
  );
});

describe.skipIf(notRoot !== '')(`a socket of Docker and an ordinary user${notRoot}`, () => {
  it('names the group that may use it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 's-'));
    chmodSync(folder, 0o755);
    const socket = join(folder, 's');
    const server = createServer(() => undefined);
    await new Promise<void>((listening) => server.listen(socket, listening));
    chownSync(socket, 0, daemon);
    chmodSync(socket, 0o660);
    const finding = checkAsUser(
      'docker',
      {},
      { environment: { DOCKER_HOST: `unix://${socket}`, HOME: folder } },
    );
    server.close();
    expect(finding).toMatchObject({
      status: 'fail',
      found: `nobody may not use ${socket} (DOCKER_HOST): nobody is not in the group daemon`,
      advice: expect.stringContaining("'sudo usermod -aG daemon nobody', then restart the runner"),
    });
  });
});

describe.skipIf(notRoot !== '')(`a folder that may not be searched${notRoot}`, () => {
  it('proves no absence behind it, by a pattern either', () => {
    const folder = mkdtempSync(join(tmpdir(), 'p-'));
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, 'closed'), { mode: 0o700 });
    writeFileSync(join(folder, 'closed', 'there'), '');
    for (const path of [join(folder, 'closed/there'), join(folder, '*/there')])
      expect(checkAsUser('files', [{ path, absent: true }])).toMatchObject({ status: 'error' });
  });
});
