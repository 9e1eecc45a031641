import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startDeadline } from '@runner-actions/core';
import { describe, expect, it } from 'vitest';
import { dpkgFolder, openDpkg } from '../../src/machine-facts/packages/dpkg-io.ts';
import { parseDpkgStatus } from '../../src/machine-facts/packages/dpkg-status.ts';
import { folderWith } from './temporary-files.ts';

const paragraph = (name: string, status: string, ...more: string[]): string =>
  [`Package: ${name}`, `Status: ${status}`, 'Version: 1.0-1', 'Architecture: amd64', ...more].join('\n');

/** Paragraphs in the form that dpkg writes, with dpkg's own, which tells the machine's architecture. */
const status = [
  paragraph('dpkg', 'install ok installed'),
  paragraph('mawk', 'install ok installed', 'Provides: awk', 'Description: a tool', ' Package: not-a-field'),
  paragraph(
    'libssl3t64',
    'install ok installed',
    'Provides: libssl3 (= 3.0.13-1),',
    ' old-name (= 2), any:any',
  ),
  paragraph('held', 'hold ok installed'),
  paragraph('libz', 'install ok installed').replace('amd64', 'i386'),
].join('\n\n');

async function open(files: Record<string, string>) {
  const folder = await folderWith(files);
  const query = {
    environment: { DPKG_ADMINDIR: folder, PATH: '' },
    deadline: startDeadline(60_000),
    names: [],
  };
  return openDpkg(query);
}

async function find(name: string) {
  const database = await open({ status });
  if ('unknown' in database) throw new Error(database.unknown);
  return database.find(name);
}

describe("dpkg's database", () => {
  it.each([
    ['install ok installed', 'installed'],
    ['hold ok installed', 'installed'],
    ['install ok triggers-pending', 'installed'],
    ['install ok triggers-awaited', 'half-configured'],
    ['install ok half-configured', 'half-configured'],
    ['install ok unpacked', 'unpacked'],
    ['install ok half-installed', 'half-installed'],
    ['install reinstreq installed', 'half-installed'],
    ['deinstall ok config-files', undefined],
    ['unknown ok not-installed', undefined],
    ['', undefined],
  ])('reads the status %j as %s', (text, state) => {
    const { installed } = parseDpkgStatus(paragraph('one', text));
    expect(installed[0]?.state).toBe(state);
  });

  it('finds a package by its name, and does not take a line of a description for a field', async () => {
    expect((await find('mawk')).named).toMatchObject([{ version: '1.0-1' }]);
    expect((await find('not-a-field')).named).toEqual([]);
  });

  it('finds the providers of a name, with the version that they state for it', async () => {
    expect((await find('awk')).providers).toMatchObject([{ by: { name: 'mawk' } }]);
    expect((await find('awk')).providers[0]).not.toHaveProperty('version');
    expect((await find('libssl3')).providers).toMatchObject([{ version: '3.0.13-1' }]);
    expect((await find('old-name')).providers).toMatchObject([{ version: '2' }]);
    expect((await find('any')).providers).toHaveLength(1);
  });

  it('takes a name without an architecture for the own one, and shows the others', async () => {
    expect(await find('libz')).toMatchObject({ named: [], foreign: [{ architecture: 'i386' }] });
    expect((await find('libz:i386')).named).toHaveLength(1);
    expect((await find('mawk:amd64')).named).toHaveLength(1);
    expect((await find('mawk:i386')).named).toEqual([]);
  });

  it('says that a package is held', async () => {
    expect((await find('held')).named).toMatchObject([{ isHeld: true }]);
    expect((await find('mawk')).named[0]).not.toHaveProperty('isHeld');
  });

  it.each([
    ['no file', {}],
    ['an empty file', { status: '' }],
    ['changes that only dpkg-query can read, but no dpkg-query', { status, 'updates/0001': 'Package: x\n' }],
  ])('is unknown with %s', async (_case, files) => {
    expect(await open(files as Record<string, string>)).toHaveProperty('unknown');
  });

  it('is unknown if its file is no regular file', async () => {
    const folder = await folderWith({});
    await mkdir(join(folder, 'status'));
    const query = { environment: { DPKG_ADMINDIR: folder }, deadline: startDeadline(60_000), names: [] };
    expect(await openDpkg(query)).toHaveProperty('unknown');
  });

  it.each([
    [{}, '/var/lib/dpkg'],
    [{ DPKG_ROOT: '/root' }, '/root/var/lib/dpkg'],
    [{ DPKG_ROOT: '/root', DPKG_ADMINDIR: '/own' }, '/own'],
  ])('is in the folder that %j names', (environment, folder) => {
    expect(dpkgFolder(environment)).toBe(folder);
  });
});
