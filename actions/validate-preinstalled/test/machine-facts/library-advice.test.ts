import { describe, expect, it } from 'vitest';
import type { Machine } from '../../src/kinds/kind.ts';
import { adviseLibrary } from '../../src/machine-facts/libraries/library-advice.ts';
import { checkKind } from '../kinds/check-kind.ts';

describe('the advice for a library that is not there', () => {
  function advise(id: string, library: { soname?: string; module?: string }) {
    const facts = { os: 'linux', arch: 'x64', distribution: [id] } as unknown as Machine['facts'];
    return adviseLibrary({ soname: undefined, module: undefined, ...library }, { facts });
  }

  it('is the command that installs its package', () => {
    const { advice, remedy } = advise('fedora', { module: 'openssl' });
    expect(remedy).toMatchObject({ by: 'dnf', packages: ['pkgconfig(openssl)'] });
    expect(advice?.replace('sudo ', '')).toBe("Install it: dnf install -y 'pkgconfig(openssl)'");
    expect(advise('ubuntu', { soname: 'libGL.so.1' }).remedy).toMatchObject({
      by: 'apt',
      packages: ['libgl1'],
    });
  });

  it('says that no package is known', () => {
    expect(advise('debian', { soname: 'libno-such.so.1' })).toEqual({
      advice: 'No known package of apt has it: install the one that does.',
    });
    expect(advise('plan9', { module: 'openssl' }).advice).toContain(
      'No known package: the package manager of',
    );
  });

  it.runIf(process.platform === 'linux')('is that of a library which the loader does not know', async () => {
    const finding = await checkKind('libraries', [{ soname: 'libno-such.so.1' }], {
      PATH: '/usr/sbin:/sbin',
    });
    expect(finding).toMatchObject({ status: 'fail', advice: expect.stringContaining('No known package') });
  });
});
