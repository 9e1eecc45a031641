import { describe, expect, it } from 'vitest';
import type { PackageManager, PackageRequirement } from '@runner-actions/manifest';
import { startDeadline } from '@runner-actions/core';
import { judgePackage } from '../../src/kinds/judge-package.ts';
import type { Machine } from '../../src/kinds/kind.ts';
import { packages } from '../../src/kinds/package.ts';
import { parseDpkgStatus } from '../../src/machine-facts/packages/dpkg-status.ts';
import { indexPackages, type InstalledPackage } from '../../src/machine-facts/packages/package-database.ts';
import { openMachine } from '../../src/machine-io.ts';
import { folderWith } from '../machine-facts/temporary-files.ts';
import { checkKind, jobWith, requirementsOf } from './check-kind.ts';

const one = (name: string, version: string, more: Partial<InstalledPackage> = {}): InstalledPackage => ({
  ...{ name, version, state: 'installed', provides: [], architecture: 'amd64' },
  ...more,
});

const find = indexPackages(
  [
    one('openssh', '1:9.6p1-3ubuntu13'),
    one('mawk', '1.3.4-1', { provides: [{ name: 'awk' }] }),
    one('libssl3t64', '3.0.13-1', { provides: [{ name: 'libssl3', version: '3.0.13-1' }] }),
    one('kernel', '6.1.0-1'),
    one('kernel', '6.2.0-1'),
    one('half', '2.0-1', { state: 'half-configured' }),
    one('broken-provider', '2.0-1', { state: 'unpacked', provides: [{ name: 'service' }] }),
    one('held', '1.0-1', { isHeld: true }),
    one('odd', 'banana'),
    one('libz', '1.0-1', { architecture: 'i386' }),
  ],
  { separator: ':', native: 'amd64' },
);

async function requirementOf(part: object): Promise<PackageRequirement> {
  const [requirement] = await requirementsOf('packages', [part]);
  return requirement as PackageRequirement;
}

async function judge(name: string, version?: string) {
  const { ranges } = await requirementOf({ apt: name, version });
  return judgePackage({ manager: 'apt', name, range: ranges.apt, prerelease: false }, find(name));
}

describe('package', () => {
  it.each([
    ['openssh', '>=8.5', 'pass', '1:9.6p1-3ubuntu13'],
    ['openssh', '>=10', 'fail', '1:9.6p1-3ubuntu13'],
    ['awk', undefined, 'pass', '1.3.4-1 (provided by mawk)'],
    ['awk', '>=1', 'error', 'without a version (provided by mawk)'],
    ['libssl3', '>=3', 'pass', '3.0.13-1 (provided by libssl3t64)'],
    ['libssl3', '>=4', 'fail', '3.0.13-1 (provided by libssl3t64)'],
    ['kernel', '>=6.2', 'pass', '6.2.0-1'],
    ['kernel', '>=7', 'fail', '6.1.0-1, 6.2.0-1'],
    ['half', undefined, 'fail', '2.0-1, which is half-configured'],
    ['half', '>=2', 'fail', '2.0-1, which is half-configured'],
    ['service', undefined, 'fail', 'not installed'],
    ['libz', undefined, 'fail', 'installed only for i386'],
    ['libz:i386', undefined, 'pass', '1.0-1'],
    ['none', '<2', 'fail', 'not installed'],
    ['odd', undefined, 'pass', 'banana'],
  ])('%s %s: %s, %s', async (name, version, status, found) => {
    expect(await judge(name, version)).toMatchObject({ status, found });
  });

  it('is unknown if its version is none', async () => {
    expect((await judge('odd', '>=1')).status).toBe('error');
  });

  it.each([
    ['none', undefined, 'apt-get -o DPkg::Lock::Timeout=300 install -y --no-remove none'],
    ['half', undefined, 'dpkg --configure -a'],
    ['libssl3', '>=4', 'install -y --no-remove libssl3t64'],
    ['held', '>=2', 'It is held at this version'],
    ['awk', '>=1', 'Name the package mawk instead'],
  ])('%s %s comes with the advice: %s', async (name, version, advice) => {
    expect((await judge(name, version)).advice).toContain(advice);
  });

  it('parses a long list of provided packages in linear time', () => {
    const fields = 'Package: real\nStatus: install ok installed\nVersion: 1\n';
    const text = `${fields}Provides: one (=${' '.repeat(600_000)}\n`;
    expect(parseDpkgStatus(text).installed[0]?.provides).toEqual([{ name: 'one' }]);
  });
});

describe('packages in the manifest', () => {
  it('are one requirement for each name of one manager, and one for names of several managers', async () => {
    const part = [
      { apt: ['curl', 'jq'] },
      { apt: ['libssl-dev', 'zlib1g-dev'], dnf: 'openssl-devel' },
      { pip: 'requests', version: '>=2' },
    ];
    const names = (await requirementsOf('packages', part)).map(({ name }) => name);
    expect(names).toEqual(['curl', 'jq', 'libssl-dev, zlib1g-dev', 'pip:requests']);
  });

  it.each([
    [{}, 'the name of a package for one of apt'],
    [{ pip: 'requests', npm: 'left' }, 'one of pip'],
    [{ apt: 'requests', pip: 'requests' }, 'one of pip'],
    [{ apt: '-o' }, 'the name of a package'],
    [{ npm: '../etc' }, 'the name of a package'],
    [{ npm: 'a/../../etc' }, 'the name of a package'],
    [{ npm: '/etc' }, 'the name of a package'],
    [{ apt: 'a b' }, 'the name of a package'],
    [{ apt: 'a', version: '>=' }, 'packages[0].version'],
    [{ apt: 'a', version: 'banana' }, "packages[0].version: found 'banana'"],
  ])('%j is refused', async (part, message) => {
    await expect(requirementsOf('packages', [part])).rejects.toThrow(message);
  });
});

it('packages of a long manifest are collected once', async () => {
  const names = Array.from({ length: 300 }, (_, index) => `p${index}`);
  let reads = 0;
  const counted = (await requirementsOf('packages', [{ apt: names }])).map((one) => {
    if (one.kind !== 'package') throw new Error('no package');
    const { packages: named, ...rest } = one;
    return {
      ...rest,
      get packages() {
        reads += 1;
        return named;
      },
    };
  });
  const open = openMachine(jobWith({ DPKG_ADMINDIR: '/nonexistent' }), startDeadline(60_000));
  const machine: Machine = { ...open, facts: { ...open.facts, os: 'linux', distribution: ['debian'] } };
  for (const one of counted) await packages.check(one, machine, counted);
  expect(reads).toBeLessThan(10 * names.length);
});

describe('the manager of a requirement', () => {
  async function check(part: object, distribution: readonly string[], os = 'linux') {
    const open = openMachine(jobWith({ PATH: '', HOMEBREW_PREFIX: '/nonexistent' }), startDeadline(60_000));
    const machine: Machine = { ...open, facts: { ...open.facts, os, distribution } };
    return packages.check(await requirementOf(part), machine);
  }

  it.each([
    [{ apt: 'a', apk: 'b' }, ['fedora'], '`dnf: NAME`'],
    [{ apt: 'a' }, ['gentoo'], 'Limit the requirement with `when`'],
    [{ brew: 'a' }, ['debian'], 'Add the name'],
  ])('%j on %j is an error with the advice %s', async (part, distribution, advice) => {
    const finding = await check(part, distribution);
    expect(finding.status).toBe('error');
    expect(finding.advice).toContain(advice);
  });

  it('of a language does not depend on the system', async () => {
    expect((await check({ npm: 'a' }, ['gentoo'])).found).toContain('node is not on PATH');
  });
});

describe('the packages of npm', () => {
  it('are judged in the folder that the job names', async () => {
    const files = { 'lib/node_modules/tool/package.json': '{"version":"5.4.2"}' };
    const environment = { NPM_CONFIG_PREFIX: await folderWith(files) };
    const check = (part: object) => checkKind('packages', [{ npm: 'tool', ...part }], environment);
    expect(await check({ version: '^5' })).toMatchObject({ status: 'pass', found: '5.4.2' });
    expect(await check({ version: '>=6' })).toMatchObject({ status: 'fail' });
    expect(await check({ npm: 'other' })).toMatchObject({ advice: 'Install it: npm install -g other' });
  });
});

describe('schemes', () => {
  it.each<[PackageManager, string]>([
    ['apt', 'deb'],
    ['dnf', 'rpm'],
    ['zypper', 'rpm'],
    ['apk', 'apk'],
    ['pip', 'pep440'],
    ['gem', 'gem'],
    ['npm', 'semver'],
  ])('of %s is %s', async (manager, scheme) => {
    const { ranges } = await requirementOf({ [manager]: 'name', version: '>=1' });
    expect(ranges[manager]?.scheme).toBe(scheme);
  });
});
