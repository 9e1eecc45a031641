import { describe, expect, it } from 'vitest';
import type { PackageRequirement } from '@runner-actions/manifest';
import { judgePackage, parsePackages } from '../../src/kinds/package.ts';
import { requirementsOf } from './check-kind.ts';

const installed = parsePackages('mawk\t1.3-1\tii \tawk\nold\t1\trc \t\nodd\tbanana\tii \tnone (= )\n');

async function judge(apt: string, version?: string) {
  const [requirement] = await requirementsOf('packages', [
    { apt, ...(version === undefined ? {} : { version }) },
  ]);
  return judgePackage(requirement as PackageRequirement, installed);
}

describe('package', () => {
  it('finds a package by a name that it provides, and ignores removed packages', () => {
    expect(installed.get('awk')).toEqual({ name: 'mawk', version: '1.3-1' });
    expect(installed.has('old')).toBe(false);
  });

  it.each([
    ['mawk', '>=1.3', 'pass'],
    ['awk', '<1.3', 'fail'],
    ['old', undefined, 'fail'],
    ['odd', undefined, 'pass'],
    // A comparison letter by letter would find these in the range.
    ['odd', '>=1', 'error'],
    ['none', '<2', 'error'],
  ])('checks %s %s: %s', async (apt, version, status) =>
    expect((await judge(apt, version)).status).toBe(status),
  );

  it.each(['banana', '', '>=', '1 or 2', '>=1 <x', '1:', '1:x', '=>1'])(
    'rejects the version %j',
    async (version) => expect(judge('mawk', version)).rejects.toThrow(/expected /),
  );
});
