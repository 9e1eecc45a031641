import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkKind, jobWith } from '../kinds/check-kind.ts';

/** A folder that every user may enter, as the temporary folder of the tests. */
const folder = mkdtempSync(join(tmpdir(), 'public-'));
chmodSync(folder, 0o755);
const work = mkdtempSync(join(tmpdir(), 'work-'));
const [checkout, temp, toolCache] = [join(work, 'app/app'), join(work, '_temp'), join(work, '_tool')];
for (const path of ['open', 'closed']) mkdirSync(join(folder, path));
for (const path of [temp, toolCache]) mkdirSync(path);
chmodSync(work, 0o755);
for (const path of ['.git', 'sub/.GIT']) mkdirSync(join(checkout, path), { recursive: true });

const write = (path: string, mode: number): void => {
  writeFileSync(path, 'token-of-the-machine\n');
  chmodSync(path, mode);
};
write(join(folder, 'open/settings'), 0o644);
write(join(folder, 'open/private'), 0o640);
write(join(folder, 'closed/settings'), 0o644);
write(join(checkout, 'settings'), 0o644);
write(join(checkout, 'credentials'), 0o640);
write(join(temp, 'git-credentials'), 0o644);
write(join(work, 'app/credentials'), 0o644);
write(join(toolCache, 'settings'), 0o644);
write(join(checkout, '.git/config'), 0o644);
write(join(checkout, 'sub/.GIT/config'), 0o644);
chmodSync(join(folder, 'closed'), 0o750);
symlinkSync(join(folder, 'open/private'), join(checkout, 'link'));
symlinkSync(join(folder, 'open'), join(checkout, 'away'));

const sha256 = createHash('sha256').update('token-of-the-machine\n').digest('hex');

async function check(path: string, spec: object, eventName = 'issue_comment') {
  const job = { ...jobWith({}, eventName), workspace: checkout, temp, toolCache };
  return checkKind('files', [{ path, ...spec }], {}, job);
}

describe.skipIf(process.platform === 'win32')('the content of a file for the manifest of a stranger', () => {
  it.each([
    ['that some may not read', join(folder, 'open/private'), 'not every user of this machine may read it'],
    ['in a folder that some may not enter', join(folder, 'closed/settings'), 'not every user may enter'],
    ['behind a link of the checkout', 'link', 'not every user of this machine may read it'],
    ['behind a folder of the checkout that is a link', 'away/private', 'not every user of this machine may'],
    ['of the checkout that some may not read', 'credentials', 'not every user of this machine may read it'],
    ['of the temporary folder of jobs', join(temp, 'git-credentials'), 'steps of jobs write there'],
    ['beside the checkout', join(work, 'app/credentials'), 'steps of jobs write there'],
    ['in .git', '.git/config', 'it is in .git'],
    ['in .git of a nested checkout, in other letters', 'sub/.GIT/config', 'it is in .git'],
  ])('%s is not compared', async (_, path, why) => {
    for (const spec of [{ contains: 'token' }, { line: '/^t/' }, { sha256 }, { sha256: '0'.repeat(64) }]) {
      const finding = await check(path, spec);
      expect(finding.status).toBe('error');
      expect(finding.found).toContain(`for a manifest that a stranger may have written: ${why}`);
      expect(finding.advice).toContain('default branch');
      expect(finding.found).not.toContain(sha256);
    }
  });

  it
    .runIf(process.platform === 'linux')
    .each(['/proc/self/cmdline', '/proc/self/environ', '/sys/kernel/uevent_seqnum'])(
    'of %s is not compared, although its mode lets everybody read it',
    async (path) => expect((await check(path, { contains: 'x' })).status).toBe('error'),
  );

  it.each([
    ['of the checkout', 'settings'],
    ['that everybody may read', join(folder, 'open/settings')],
  ])('%s is compared', async (_, path) => {
    expect((await check(path, { contains: 'token', sha256 })).status).toBe('pass');
    expect((await check(path, { contains: 'nothing' })).status).toBe('fail');
  });

  it('is not needed to know that the file is there, and how large it is', async () => {
    const spec = { size: 21, access: ['read'] };
    expect((await check(join(folder, 'open/private'), spec)).status).toBe('pass');
  });

  it('is compared for an event of the repository itself', async () => {
    expect((await check(join(folder, 'open/private'), { contains: 'token' }, 'push')).status).toBe('pass');
  });
});
