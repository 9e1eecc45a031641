import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openApk } from '../../src/machine-facts/packages/apk-io.ts';
import { openBrew } from '../../src/machine-facts/packages/brew-io.ts';
import type { Packages } from '../../src/machine-facts/packages/package-database.ts';
import { openPacman, parsePacmanDesc } from '../../src/machine-facts/packages/pacman-io.ts';
import { hasRpmDatabase } from '../../src/machine-facts/packages/rpm-io.ts';
import { parseRpmOutput, rpmQueryNames } from '../../src/machine-facts/packages/rpm-output.ts';
import { systemManager } from '../../src/machine-facts/packages/system-manager.ts';
import { parseWingetJson } from '../../src/machine-facts/packages/winget-io.ts';
import { folderWith } from './temporary-files.ts';

const recorded = (name: string): string => readFileSync(new URL(`recorded/${name}`, import.meta.url), 'utf8');

function opened(database: Packages) {
  if ('unknown' in database) throw new Error(database.unknown);
  return database;
}

describe('rpm', () => {
  // Recorded from rpm 4.18 (Debian's package `rpm`) with a database of packages that rpmbuild made.
  const installed = parseRpmOutput(recorded('rpm-4.18-whatprovides.txt'));
  const named = (name: string) => installed.filter((one) => one.name === name);

  it('lists both kernels, each once', () => {
    expect(named('kernel').map(({ version }) => version)).toEqual(['6.2.0-1.fc39', '6.1.0-1.fc39']);
  });

  it('keeps an epoch, and leaves out the epoch 0 that nobody writes', () => {
    expect(named('openssl-libs')).toMatchObject([{ version: '1:3.0.7-24.el9', architecture: 'x86_64' }]);
    expect(named('tilde')).toMatchObject([{ version: '1.0~rc1-1' }]);
  });

  it('reads what a package provides: a version, none, or a mere range', () => {
    expect(named('mariadb')[0]?.provides).toEqual([
      { name: 'mariadb', version: '3:10.5.22-1.el9' },
      { name: 'mysql', version: '3:10.5' },
      { name: 'mysql-compat' },
    ]);
    expect(named('mariadb')).toHaveLength(1);
  });

  it('asks for a name with and without its architecture', () => {
    expect(rpmQueryNames(['zlib.i686', 'python3.11', 'zlib'])).toEqual(['zlib.i686', 'zlib', 'python3.11']);
  });

  it.each([
    ['var/lib/rpm/rpmdb.sqlite', true],
    ['usr/lib/sysimage/rpm/Packages.db', true],
    ['var/lib/rpm/notes', false],
  ])('with the file %s has a database: %s', async (file, has) => {
    expect(await hasRpmDatabase(await folderWith({ [file]: '' }))).toBe(has);
  });
});

describe('apk', () => {
  // The form is documented by apk-tools, src/database.c (`apk_db_fdb_read`). The packages are made up.
  const installed =
    'C:Q1x=\nP:busybox\nV:1.36.1-r29\nA:x86_64\np:cmd:busybox=1.36.1-r29 /bin/sh\nF:bin\nR:busybox\nZ:Q1y=\n\n' +
    'P:half\nV:1-r0\nA:x86_64\nf:f\n\nP:whole\nV:2-r1\nf:S';

  it.each(['lib/apk/db/installed', 'usr/lib/apk/db/installed'])('reads %s', async (file) => {
    const database = opened(await openApk(await folderWith({ [file]: installed })));
    expect((await database.find('busybox')).named).toMatchObject([
      { version: '1.36.1-r29', state: 'installed' },
    ]);
    expect((await database.find('cmd:busybox')).providers).toMatchObject([{ version: '1.36.1-r29' }]);
    expect((await database.find('/bin/sh')).providers).toHaveLength(1);
    expect((await database.find('half')).named).toMatchObject([{ state: 'broken' }]);
    expect((await database.find('whole')).named).toMatchObject([{ state: 'installed', version: '2-r1' }]);
    expect((await database.find('gone')).named).toEqual([]);
  });

  it('is unknown without a file, and with an empty one', async () => {
    expect(await openApk(await folderWith({}))).toHaveProperty('unknown');
    expect(await openApk(await folderWith({ 'lib/apk/db/installed': '' }))).toHaveProperty('unknown');
  });
});

describe('pacman', () => {
  // Recorded from pacman 6.0 (Debian's package `pacman-package-manager`).
  const desc = recorded('pacman-6.0-desc.txt');

  it('reads the description of a package', () => {
    expect(parsePacmanDesc(desc)).toEqual({
      ...{ name: 'demo', version: '1:1.2-3', architecture: 'any', state: 'installed' },
      provides: [
        { name: 'libdemo.so', version: '1-64' },
        { name: 'demo-virtual', version: '9' },
        { name: 'sh' },
      ],
    });
  });

  it('finds packages, and those whose installation was stopped', async () => {
    const folder = 'var/lib/pacman/local';
    const files = { [`${folder}/demo-1:1.2-3/desc`]: desc, [`${folder}/half-way-2-1/files`]: '' };
    const database = opened(
      await openPacman(await folderWith({ ...files, [`${folder}/ALPM_DB_VERSION`]: '9' })),
    );
    expect((await database.find('demo')).named).toHaveLength(1);
    expect((await database.find('demo-virtual')).providers).toMatchObject([{ version: '9' }]);
    expect((await database.find('half-way')).named).toMatchObject([
      { version: '2-1', state: 'half-installed' },
    ]);
  });

  it('is unknown without packages, as on Debian with the program pacman', async () => {
    expect(await openPacman(await folderWith({}))).toHaveProperty('unknown');
  });
});

describe('Homebrew', () => {
  // The folders are documented by Homebrew, docs/Formula-Cookbook.md ("Homebrew terminology").
  async function homebrew() {
    const prefix = await folderWith({
      'Cellar/openssl@3/3.2.1/INSTALL_RECEIPT.json': '{}',
      'Cellar/openssl@3/3.1.0/INSTALL_RECEIPT.json': '{}',
      'Cellar/python@3.12/3.12.1_1/INSTALL_RECEIPT.json': '{}',
      'Cellar/loose/1.0/INSTALL_RECEIPT.json': '{}',
      'Caskroom/docker/4.27.1/Docker.app/x': '',
      'var/homebrew/pinned/openssl@3': '',
    });
    await mkdir(join(prefix, 'opt'));
    await symlink('../Cellar/openssl@3/3.2.1', join(prefix, 'opt/openssl@3'));
    await symlink('../Cellar/python@3.12/3.12.1_1', join(prefix, 'opt/python@3.12'));
    await symlink('../Cellar/python@3.12/3.12.1_1', join(prefix, 'opt/python3'));
    await symlink('../Cellar/gone/1.0', join(prefix, 'opt/gone'));
    return opened(await openBrew({ environment: { HOMEBREW_PREFIX: prefix } }));
  }

  it.each([
    ['openssl@3', [{ version: '3.2.1', state: 'installed', isHeld: true }]],
    ['homebrew/core/openssl@3', [{ version: '3.2.1' }]],
    ['docker', [{ version: '4.27.1', state: 'installed' }]],
    ['loose', [{ version: '1.0', state: 'unlinked' }]],
    ['gone', []],
    ['python3', []],
  ])('finds %s', async (name, named) => {
    const found = await (await homebrew()).find(name);
    expect(found.named).toMatchObject(named);
    expect(found.named).toHaveLength(named.length);
  });

  it('finds the formula that an alias leads to', async () => {
    const { providers } = await (await homebrew()).find('python3');
    expect(providers).toMatchObject([{ by: { name: 'python@3.12' }, version: '3.12.1_1' }]);
  });

  it('is unknown without formulae and casks', async () => {
    const prefix = await folderWith({ 'Cellar/.keepme': '' });
    expect(await openBrew({ environment: { HOMEBREW_PREFIX: prefix } })).toHaveProperty('unknown');
  });
});

describe('winget', () => {
  // The names of the properties are documented by winget-cli, PSInstalledCatalogPackage.cs and PSCatalogPackage.cs.
  it('reads packages, and leaves out entries of another form', () => {
    const text = '\uFEFF[{"Id":"Git.Git","InstalledVersion":"2.43.0"},{"Id":7},null,{"Id":"x"}]';
    expect(parseWingetJson(text)).toMatchObject([{ name: 'Git.Git', version: '2.43.0' }]);
  });

  it.each(['', '{}', 'Import-Module: not found', '[1'])('does not read %j', (text) => {
    expect(parseWingetJson(text)).toBeUndefined();
  });
});

describe('the manager of a system', () => {
  it.each([
    ['linux', ['debian'], 'apt'],
    ['linux', ['linuxmint', 'ubuntu', 'debian'], 'apt'],
    ['linux', ['amzn', 'fedora'], 'dnf'],
    ['linux', ['rocky', 'rhel', 'centos', 'fedora'], 'dnf'],
    ['linux', ['opensuse-leap', 'suse', 'opensuse'], 'zypper'],
    ['linux', ['alpine'], 'apk'],
    ['linux', ['endeavouros', 'arch'], 'pacman'],
    ['macos', [], 'brew'],
    ['windows', [], 'winget'],
  ])('%s %j is %s', (os, distribution, manager) => {
    expect(systemManager({ os, distribution })).toBe(manager);
  });

  it('is unknown for other systems, whose name is quoted', () => {
    expect(systemManager({ os: 'linux', distribution: ['ge\nntoo'] })).toEqual({
      unknown: "the package manager of the system 'ge\\nntoo' is unknown",
    });
  });
});
