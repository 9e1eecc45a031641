import type { Mount } from '@runner-actions/host';
import { describe, expect, it } from 'vitest';
import { judgeMount } from '../../src/kinds/mount.ts';
import { checkKind } from './check-kind.ts';

const found: Mount = {
  ...{ device: '8:1', root: '/', mountPoint: '/data', type: 'ext4', source: '/dev/sdb1' },
  options: ['rw', 'noexec', 'relatime', 'rw', 'errors=remount-ro'],
};

describe('judgeMount', () => {
  it.each([
    ['/data', {}, 'pass', undefined],
    ['/data/models', {}, 'fail', /Mount it at/],
    ['/data/models', { within: true }, 'pass', undefined],
    ['/data', { type: ['xfs', 'ext4'] }, 'pass', undefined],
    ['/data', { type: 'xfs' }, 'fail', /./],
    ['/data', { source: '/dev/sdc1' }, 'fail', /./],
    ['/data', { options: ['rw', 'errors=remount-ro', 'exec'] }, 'fail', /remount,exec \/data/],
    ['/data', { options: ['!noexec'] }, 'fail', /remount,exec \/data/],
    ['/data', { options: ['noatime'] }, 'fail', /remount,noatime \/data/],
    ['/data', { options: ['!noatime', 'suid', '!ro'] }, 'pass', undefined],
    ['/data', { options: ['constructor'] }, 'fail', /remount,constructor/],
    ['/data', { options: ['ro'] }, 'fail', /remount,ro/],
  ])('judges %s with %j: %s', (path, spec, status, advice) => {
    const finding = judgeMount(found, path, { path, ...spec }, 'wanted');
    expect(finding.status).toBe(status);
    if (advice !== undefined) expect(finding.advice).toMatch(advice);
  });

  it('counts a mount for reading only as such, although its file system is mounted for writing', () => {
    const mount = { ...found, options: ['ro', 'relatime', 'rw'] };
    const status = (option: string) =>
      judgeMount(mount, '/data', { path: '/data', options: [option] }, '').status;
    expect([status('rw'), status('!rw'), status('ro'), status('!ro')]).toEqual([
      'fail',
      'pass',
      'pass',
      'fail',
    ]);
  });
});

describe.skipIf(process.platform !== 'linux')('mounts', () => {
  it.each([
    [{ path: '/proc', type: 'proc' }, 'pass'],
    [{ path: '/proc', type: 'ext4' }, 'fail'],
    [{ path: '$PLACE', type: 'proc' }, 'pass'],
    [{ path: '/proc/sys/kernel/ostype/none', type: 'proc' }, 'fail'],
    [{ path: '/no/such/place' }, 'fail'],
  ])('checks %j: %s', async (spec, status) =>
    expect(await checkKind('mounts', [spec], { PLACE: '/proc' })).toMatchObject({ status }),
  );
});
