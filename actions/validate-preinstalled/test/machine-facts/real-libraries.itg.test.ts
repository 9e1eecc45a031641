import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDeadline } from '@runner-actions/core';
import { describe, expect, it } from 'vitest';
import { openGem } from '../../src/machine-facts/language-packages/gem-packages-io.ts';
import { openGo } from '../../src/machine-facts/language-packages/go-packages-io.ts';
import { openPip } from '../../src/machine-facts/language-packages/python-packages-io.ts';
import { openMusl, whyNotLoadable } from '../../src/machine-facts/libraries/find-library-io.ts';
import { checkKind } from '../kinds/check-kind.ts';
import { folderWith } from './temporary-files.ts';

const has = (program: string, argument = '--version'): boolean => {
  try {
    execFileSync(program, [argument], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const PATH = process.env['PATH'];

describe.skipIf(process.platform !== 'linux' || !has('gcc'))('libraries, built by gcc', () => {
  /** Builds libmain.so, which defines the version MAIN_1.2 and needs libneeded.so. */
  async function build() {
    const folder = await folderWith({
      'main.c': 'int needed(void); int main_value(void) { return needed(); }\n',
      'needed.c': 'int needed(void) { return 1; }\n',
      'versions.map': 'MAIN_1.1 { global: main_value; local: *; };\nMAIN_1.2 { } MAIN_1.1;\n',
    });
    const gcc = (...rest: string[]): void =>
      void execFileSync('gcc', ['-shared', '-fPIC', ...rest], { cwd: folder, stdio: 'ignore' });
    gcc('-o', 'libneeded.so', 'needed.c', '-Wl,-soname,libneeded.so');
    const own = ['-Wl,--version-script=versions.map', '-Wl,-soname,libmain.so', '-L.', '-lneeded'];
    gcc('-o', 'libmain.so', 'main.c', ...own);
    return folder;
  }
  const check = (folder: string, part: object) =>
    checkKind('libraries', [part], { PATH, LD_LIBRARY_PATH: folder });

  it('load, and define the versions of their symbols', async () => {
    const folder = await build();
    expect(await check(folder, { soname: 'libmain.so' })).toMatchObject({ status: 'pass' });
    expect(await check(folder, { soname: 'libmain.so', symbol: ['MAIN_1.1', 'MAIN_1.2'] })).toMatchObject({
      status: 'pass',
    });
    expect(await check(folder, { soname: 'libmain.so', symbol: 'MAIN_1.3' })).toMatchObject({
      ...{ status: 'fail', found: `${join(folder, 'libmain.so')} without MAIN_1.3` },
      advice: expect.stringContaining('Its newest is MAIN_1.2.'),
    });
    // The library needs this version of libc, but does not define it.
    expect(await check(folder, { soname: 'libmain.so', symbol: 'GLIBC_2.2.5' })).toMatchObject({
      status: 'fail',
    });
  });

  it('do not load when a library that they need is missing, which is named', async () => {
    const folder = await build();
    rmSync(join(folder, 'libneeded.so'));
    const finding = await check(folder, { soname: 'libmain.so' });
    expect(finding.status).toBe('fail');
    expect(finding.found).toContain('libneeded.so');
  });

  it('do not load when they are no libraries, and are not known when they are missing', async () => {
    const folder = await folderWith({ 'libmain.so': 'text' });
    expect((await check(folder, { soname: 'libmain.so' })).status).toBe('fail');
    expect((await check(folder, { soname: 'libnone.so.1' })).found).toBe('not known to the loader');
  });
});

const musl = '/lib/ld-musl-x86_64.so.1';

// Debian's package `musl` brings the loader.
describe.skipIf(!existsSync(musl) || !has('gcc'))('libraries of musl', () => {
  it('are found in the folders of its file, and do not load without what they need', async () => {
    const folder = await folderWith({ 'main.c': 'int needed(void); int value(void) { return needed(); }\n' });
    const gcc = (...rest: string[]): void =>
      void execFileSync('gcc', ['-nostdlib', '-shared', '-fPIC', ...rest], { cwd: folder, stdio: 'ignore' });
    writeFileSync(join(folder, 'needed.c'), 'int needed(void) { return 1; }\n');
    gcc('-o', 'libneeded.so', 'needed.c', '-Wl,-soname,libneeded.so');
    gcc('-o', 'libmain.so', 'main.c', '-L.', '-lneeded');
    const libraries = await openMusl(musl, [folder, '']);
    expect(await libraries.find('libmain.so')).toBe(join(folder, 'libmain.so'));
    expect(await libraries.find('libc.so')).toMatch(/musl.*\/libc\.so$/);
    expect(await libraries.find('libnone.so')).toBeUndefined();
    const options = { environment: { LD_LIBRARY_PATH: folder }, deadline: startDeadline(60_000) };
    const path = join(folder, 'libmain.so');
    expect(await whyNotLoadable(musl, path, options)).toBeUndefined();
    rmSync(join(folder, 'libneeded.so'));
    expect(await whyNotLoadable(musl, path, options)).toContain('libneeded.so');
  });
});

// Debian's package `pkgconf` brings it.
describe.skipIf(!has('pkg-config'))('libraries of pkg-config', () => {
  const files = {
    'one.pc': 'Name: one\nDescription: x\nVersion: 1.2.3\n',
    'two.pc': 'Name: two\nDescription: x\nVersion: 2.0\nRequires: absent\n',
  };

  it.each([
    [[{ 'pkg-config': 'one', version: '>=1.2' }], 'pass', '1.2.3'],
    [[{ 'pkg-config': 'one', version: '>=2' }], 'fail', '1.2.3'],
    [[{ 'pkg-config': 'two' }], 'fail', 'absent'],
    [[{ 'pkg-config': 'three' }], 'fail', 'three'],
  ])('%j: %s, %s', async (part, status, found) => {
    const PKG_CONFIG_PATH = await folderWith(files);
    const finding = await checkKind('libraries', part, { PATH, PKG_CONFIG_PATH });
    expect(finding.status).toBe(status);
    expect(finding.found).toContain(found);
  });

  it('are unknown without pkg-config', async () => {
    const part = [{ 'pkg-config': 'one' }];
    expect(await checkKind('libraries', part, { PATH: '/nonexistent' })).toMatchObject({ status: 'error' });
  });
});

const query = (environment: Record<string, string | undefined>) => ({
  ...{ environment: { PATH, HOME: process.env['HOME'], ...environment }, names: [] },
  deadline: startDeadline(60_000),
});

describe('packages of languages', () => {
  it.skipIf(!has('python3', '-V'))('of the python3 on PATH, that of a virtual environment', async () => {
    const folder = await folderWith({});
    execFileSync('python3', ['-m', 'venv', '--without-pip', 'own'], { cwd: folder, stdio: 'ignore' });
    const bin = join(folder, 'own/bin');
    const argv = ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'];
    const packages = execFileSync(join(bin, 'python3'), argv, { encoding: 'utf8' }).trim();
    const pip = await openPip(query({ PATH: `${bin}:${PATH}` }), folder);
    if ('unknown' in pip) throw new Error(pip.unknown);
    expect((await pip.find('demo-package')).named).toEqual([]);
    mkdirSync(join(packages, 'demo_package-1.5.dist-info'));
    writeFileSync(
      join(packages, 'demo_package-1.5.dist-info/METADATA'),
      'Name: demo-package\nVersion: 1.5\n',
    );
    const again = await openPip(query({ PATH: `${bin}:${PATH}` }), folder);
    if ('unknown' in again) throw new Error(again.unknown);
    expect((await again.find('demo-package')).named).toMatchObject([{ version: '1.5' }]);
  });

  it('are unknown without python3 and ruby', async () => {
    const folder = await folderWith({});
    expect(await openPip(query({ PATH: folder }), folder)).toEqual({ unknown: 'python3 is not on PATH' });
    expect(await openGem(query({ PATH: folder }), folder)).toEqual({ unknown: 'ruby is not on PATH' });
  });

  it.skipIf(!has('ruby'))('of ruby, with the gems that come with it (Debian: package ruby)', async () => {
    const gem = await openGem(query({}), await folderWith({}));
    if ('unknown' in gem) throw new Error(gem.unknown);
    const json = execFileSync('ruby', ['-e', 'require "json"; puts JSON::VERSION'], {
      encoding: 'utf8',
    }).trim();
    expect((await gem.find('json')).named.map(({ version }) => version)).toContain(json);
    expect((await gem.find('json-none')).named).toEqual([]);
  });

  it.skipIf(process.platform !== 'linux' || !has('go', 'version'))(
    'of Go, from the program itself',
    async () => {
      const folder = await folderWith({
        'go.mod': 'module example.org/demo\n\ngo 1.20\n',
        'cmd/hello/main.go': 'package main\n\nfunc main() {}\n',
      });
      const GOBIN = join(folder, 'bin');
      const env = { ...process.env, GOBIN, GOFLAGS: '-mod=mod', GOPROXY: 'off', GOTOOLCHAIN: 'local' };
      execFileSync('go', ['install', './cmd/hello'], { cwd: folder, env, stdio: 'ignore' });
      const go = openGo(query({ GOBIN }));
      if ('unknown' in go) throw new Error(go.unknown);
      expect((await go.find('example.org/demo/cmd/hello')).named).toMatchObject([{ version: '(devel)' }]);
      expect((await go.find('example.org/other/cmd/hello')).named).toEqual([]);
      expect((await go.find('example.org/demo/cmd/gone')).named).toEqual([]);
    },
  );
});
