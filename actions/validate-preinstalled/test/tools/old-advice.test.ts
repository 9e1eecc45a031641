import { parseRange, type Range, type ToolRequirement } from '@runner-actions/manifest';
import { describe, expect, it } from 'vitest';
import type { Finding, Machine } from '../../src/kinds/kind.ts';
import { adviseUpgrade, isTooOld } from '../../src/tools/old-advice.ts';
import { jobWith, requirementsOf } from '../kinds/check-kind.ts';

function range(text: string): Range {
  const read = parseRange(text, 'semver');
  if ('expected' in read) throw new Error(read.expected);
  return read;
}

describe('whether a tool is too old', () => {
  it.each([
    ['>=20', '18.1.0', true],
    ['20', '18.1.0', true],
    ['^22.1', '22.0.5', true],
    ['>1.7.1', '1.7.1', true],
    ['18 || 20', '19.0.0', true],
    ['<19', '20.0.0', false],
    ['18', '20.0.0', false],
    ['>=18 <20', '21.0.0', false],
    ['!=1.2.3', '1.2.3', false],
    ['latest', '1.0.0', false],
  ])('for %s and %s is %s', (text, version, old) => {
    expect(isTooOld(range(text), [version])).toBe(old);
  });

  it('is asked of all its versions', () => {
    expect([
      isTooOld(range('>=20'), ['18.0.0', '16.0.0']),
      isTooOld(range('20'), ['18.0.0', '22.0.0']),
    ]).toEqual([...[true, false]]);
    expect(isTooOld(range('>=20'), [])).toBe(false);
  });
});

describe('the advice for a tool that is too old', () => {
  const failed: Finding = { status: 'fail', found: '1.5', wanted: '>=1.6', advice: 'Install jq >=1.6.' };

  async function advise(
    wanted: unknown,
    versions: readonly string[],
    given: Partial<{ id: string; at: string; PATH: string; name: string }> = {},
  ) {
    const { id = 'fedora', at = '/usr/bin/jq', PATH = '/usr/bin', name = 'jq' } = given;
    const [requirement] = await requirementsOf('tools', { [name]: wanted });
    const facts = { os: 'linux', distribution: [id] } as unknown as Machine['facts'];
    return adviseUpgrade(
      failed,
      requirement as ToolRequirement,
      { path: at, versions },
      { facts, job: jobWith({ PATH }) },
    );
  }

  it('is the command with which the manager upgrades it, and says that its version may be too old', async () => {
    const { advice, remedy } = await advise('>=1.6', ['1.5']);
    expect(remedy).toEqual({ by: 'dnf', command: ['sudo', 'dnf', 'upgrade', '-y'], packages: ['jq'] });
    expect(advice?.replace('sudo ', '')).toBe(
      "Install jq >=1.6. 'dnf upgrade -y jq' installs the version that dnf has, which may still be too old.",
    );
  });

  it('is no remedy where PATH would still find the old copy', async () => {
    const old = { at: '/opt/old/jq', PATH: '/opt/old:/usr/bin' };
    const { advice, remedy } = await advise('>=1.6', ['1.5'], old);
    expect([advice, remedy]).toEqual([
      expect.stringContaining('PATH finds /opt/old/jq before it.'),
      undefined,
    ]);
    expect((await advise('>=1.6', ['1.5'], { ...old, PATH: '/usr/bin:/opt/old' })).remedy).toBeDefined();
  });

  it.each([
    ['one that is too new', '<1.5', ['1.7.1'], {}],
    ['several versions at once', ['1.6', '1.7'], ['1.5'], {}],
    ['a tool whose package is not known', '>=2', ['1.5'], { name: 'no-such-tool' }],
    ['a system whose manager is not known', '>=1.6', ['1.5'], { id: 'plan9' }],
  ])('stays as it was for %s', async (_, wanted, versions, given) => {
    expect(await advise(wanted, versions, given)).toEqual(failed);
  });
});
