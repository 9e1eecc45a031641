import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDeadline } from '@runner-actions/core';
import type { PackageRequirement } from '@runner-actions/manifest';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/kinds/kind.ts';
import { packages } from '../../src/kinds/package.ts';
import { openDpkg } from '../../src/machine-facts/packages/dpkg-io.ts';
import type { Packages } from '../../src/machine-facts/packages/package-database.ts';
import { listRpm, openRpm } from '../../src/machine-facts/packages/rpm-io.ts';
import { openMachine } from '../../src/machine-io.ts';
import { jobWith, requirementsOf } from '../kinds/check-kind.ts';
import { folderWith } from './temporary-files.ts';

const has = (program: string): boolean => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

function opened(database: Packages) {
  if ('unknown' in database) throw new Error(database.unknown);
  return database;
}

const query = (environment: Record<string, string | undefined>, names: readonly string[] = []) => ({
  ...{ environment: { PATH: process.env['PATH'], LC_ALL: 'C', ...environment }, names },
  deadline: startDeadline(60_000),
});

/** dpkg writes into a root of its own as root only. */
const canUseDpkg = has('dpkg-deb') && process.getuid?.() === 0;

describe.skipIf(!canUseDpkg)("dpkg's database, with dpkg run as root", () => {
  /** Creates an empty root with the package demo, whose configuration fails if `fails`. */
  async function newRoot(fails = false) {
    const control = 'Package: demo\nVersion: 1:1.2-3\nArchitecture: all\nMaintainer: A <a@example.org>\n';
    const root = await folderWith({
      'root/var/lib/dpkg/status': '',
      'root/var/lib/dpkg/available': '',
      'demo/etc/demo.conf': 'x\n',
      'demo/DEBIAN/conffiles': '/etc/demo.conf\n',
      'demo/DEBIAN/control': `${control}Provides: demo-virtual (= 9)\nDescription: a demo\n`,
      ...(fails ? { 'demo/DEBIAN/postinst': '#!/bin/sh\nexit 1\n' } : {}),
    });
    for (const folder of ['info', 'updates', 'triggers']) mkdirSync(join(root, 'root/var/lib/dpkg', folder));
    if (fails) chmodSync(join(root, 'demo/DEBIAN/postinst'), 0o755);
    execFileSync('dpkg-deb', ['-b', join(root, 'demo'), join(root, 'demo.deb')], { stdio: 'ignore' });
    return root;
  }
  const dpkg = (root: string, ...rest: string[]): void => {
    try {
      execFileSync('dpkg', [`--root=${join(root, 'root')}`, '--force-hold', ...rest], { stdio: 'ignore' });
    } catch {
      // The configuration that shall fail.
    }
  };
  const demo = async (root: string) =>
    (await opened(await openDpkg(query({ DPKG_ROOT: join(root, 'root') }))).find('demo')).named;

  it('follows a package from unpacked to removed', async () => {
    const root = await newRoot();
    dpkg(root, '--unpack', join(root, 'demo.deb'));
    expect(await demo(root)).toMatchObject([{ version: '1:1.2-3', state: 'unpacked' }]);
    dpkg(root, '--configure', 'demo');
    expect(await demo(root)).toMatchObject([
      { state: 'installed', provides: [{ name: 'demo-virtual', version: '9' }] },
    ]);
    execFileSync('dpkg', [`--root=${join(root, 'root')}`, '--set-selections'], { input: 'demo hold\n' });
    expect(await demo(root)).toMatchObject([{ state: 'installed', isHeld: true }]);
    dpkg(root, '--remove', 'demo');
    expect(await openDpkg(query({ DPKG_ROOT: join(root, 'root') }))).toHaveProperty('unknown');
  });

  it.each<[string, string | undefined, string[][], Finding['status']]>([
    ['installed', '>=1.2', [['--configure', 'demo']], 'pass'],
    ['installed, but too old', '>=1.3', [['--configure', 'demo']], 'fail'],
    ['only unpacked', undefined, [], 'fail'],
    [
      'removed again',
      undefined,
      [
        ['--configure', 'demo'],
        ['--remove', 'demo'],
      ],
      'fail',
    ],
    [
      'purged',
      undefined,
      [
        ['--configure', 'demo'],
        ['--purge', 'demo'],
      ],
      'fail',
    ],
  ])(
    'lets a check of a package that is %s (range %s) end rightly',
    async (_case, version, commands, status) => {
      const root = await newRoot();
      dpkg(root, '--unpack', join(root, 'demo.deb'));
      for (const command of commands) dpkg(root, ...command);
      const file = join(root, 'root/var/lib/dpkg/status');
      const own = 'Package: dpkg\nStatus: install ok installed\nVersion: 1.21\nArchitecture: amd64\n\n';
      writeFileSync(file, own + readFileSync(file, 'utf8'));
      const [requirement] = await requirementsOf('packages', [{ apt: 'demo', version }]);
      const job = jobWith({ PATH: process.env['PATH'], DPKG_ROOT: join(root, 'root') });
      const open = openMachine(job, startDeadline(60_000));
      const machine = { ...open, facts: { ...open.facts, os: 'linux', distribution: ['debian'] } };
      expect(await packages.check(requirement as PackageRequirement, machine)).toMatchObject({ status });
    },
  );

  it('shows a package whose configuration failed', async () => {
    const root = await newRoot(true);
    dpkg(root, '--install', join(root, 'demo.deb'));
    expect(await demo(root)).toMatchObject([{ state: 'half-configured' }]);
  });

  it('includes changes that dpkg has not yet put into its file', async () => {
    const root = await newRoot();
    dpkg(root, '--install', join(root, 'demo.deb'));
    const change = 'Package: demo\nStatus: install ok half-configured\nVersion: 1:1.2-3\nArchitecture: all\n';
    const text = `${change}Maintainer: A <a@example.org>\nDescription: a demo\n`;
    writeFileSync(join(root, 'root/var/lib/dpkg/updates/0001'), text);
    expect(await demo(root)).toMatchObject([{ state: 'half-configured' }]);
  });
});

// Debian's package `rpm` brings both programs.
describe.skipIf(!has('rpm') || !has('rpmbuild'))("rpm's database, with the programs rpm and rpmbuild", () => {
  async function newDatabase() {
    const root = await folderWith({});
    const build = (name: string, version: string, more = ''): void => {
      const head = `Name: ${name}\nVersion: ${version}\nRelease: 1\nSummary: x\nLicense: MIT\nBuildArch: noarch\n`;
      writeFileSync(join(root, `${name}.spec`), `${head}${more}\n%description\nx\n%files\n`);
      const options = ['--quiet', '--define', `_topdir ${root}`, '-bb', join(root, `${name}.spec`)];
      execFileSync('rpmbuild', options, { stdio: 'ignore' });
    };
    build('kernel', '6.1.0');
    build('kernel', '6.2.0');
    build('mariadb', '10.5', 'Epoch: 3\nProvides: mysql = 3:10.4');
    const rpms = ['kernel-6.1.0', 'kernel-6.2.0', 'mariadb-10.5'].map((name) =>
      join(root, 'RPMS/noarch', `${name}-1.noarch.rpm`),
    );
    const database = join(root, 'database');
    const rest = ['-i', '--justdb', '--nodeps', '--force', '--nosignature', ...rpms];
    execFileSync('rpm', ['--dbpath', database, ...rest], { stdio: 'ignore' });
    return database;
  }

  it('answers for several kernels, a provided name and a missing one, and is unknown when damaged', async () => {
    const folder = await newDatabase();
    const names = ['kernel', 'mysql', 'nonesuch', 'mariadb.noarch', '--eval=1'];
    const open = () => openRpm(query({}, names), 'dnf', ['--dbpath', folder]);
    const database = opened(await open());
    const versions = async (name: string) => (await database.find(name)).named.map(({ version }) => version);
    expect((await versions('kernel')).sort()).toEqual(['6.1.0-1', '6.2.0-1']);
    expect(await versions('mariadb.noarch')).toEqual(['3:10.5-1']);
    expect((await database.find('mysql')).providers).toMatchObject([
      { version: '3:10.4', by: { name: 'mariadb' } },
    ]);
    expect(await database.find('nonesuch')).toEqual({ named: [], providers: [], foreign: [] });
    const all = opened(await listRpm(query({}, []), 'dnf', ['--dbpath', folder]));
    const listed = (all.installed ?? []).map(({ name, version }) => `${name} ${version}`);
    expect(listed.sort()).toEqual(['kernel 6.1.0-1', 'kernel 6.2.0-1', 'mariadb 3:10.5-1']);
    for (const suffix of ['-wal', '-shm']) rmSync(join(folder, `rpmdb.sqlite${suffix}`), { force: true });
    writeFileSync(join(folder, 'rpmdb.sqlite'), 'no database '.repeat(1000));
    expect(await open()).toEqual({
      unknown: expect.stringContaining('error: cannot open Packages database'),
    });
  });
});
