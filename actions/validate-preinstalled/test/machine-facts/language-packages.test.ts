import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCargo } from '../../src/machine-facts/language-packages/cargo-packages-io.ts';
import { gemsNamed } from '../../src/machine-facts/language-packages/gem-packages-io.ts';
import { openGo, programName } from '../../src/machine-facts/language-packages/go-packages-io.ts';
import { openNpm } from '../../src/machine-facts/language-packages/npm-packages-io.ts';
import { openPipx, readDistribution } from '../../src/machine-facts/language-packages/python-packages-io.ts';
import type { Packages } from '../../src/machine-facts/packages/package-database.ts';
import { readFolder } from '../../src/machine-facts/read-folder-io.ts';
import { folderWith } from './temporary-files.ts';

async function versionsOf(database: Packages, name: string): Promise<string[]> {
  if ('unknown' in database) throw new Error(database.unknown);
  return (await database.find(name)).named.map(({ version, state }) =>
    state === 'installed' ? version : `${version} ${state}`,
  );
}

describe('packages of Python', () => {
  const metadata = 'Metadata-Version: 2.1\nName: Ruamel.Yaml\nVersion: 0.18.6\n\nVersion: 99\n';
  const files = {
    'ruamel.yaml-0.18.6.dist-info/METADATA': metadata,
    'left_behind-1.0.dist-info/RECORD': '',
    'legacy-1.2.egg-info': 'Name: legacy\nVersion: 1.2\n',
    'older-3.0.egg-info/PKG-INFO': 'Name: older\r\nVersion: 3.0\r\n\r\ntext',
  };

  it.each([
    ['ruamel.yaml', '0.18.6'],
    ['Ruamel_YAML', '0.18.6'],
    ['ruamel', undefined],
    ['legacy', '1.2'],
    ['older', '3.0'],
    ['left-behind', undefined],
  ])('%s has the version %s', async (name, version) => {
    const folder = await folderWith(files);
    const listed = await readFolder(folder);
    const found = await readDistribution(folder, 'names' in listed ? listed.names : [], name);
    expect(found?.version).toBe(version);
  });

  it('are found in the environments of pipx', async () => {
    const home = await folderWith({
      'venvs/black/lib/python3.12/site-packages/black-24.2.0.dist-info/METADATA': 'Version: 24.2.0\n',
      'venvs/gone/lib/python3.12/site-packages/other-1.dist-info/METADATA': 'Version: 1\n',
    });
    const pipx = await openPipx({ environment: { PIPX_HOME: home } });
    expect(await versionsOf(pipx, 'Black')).toEqual(['24.2.0']);
    expect(await versionsOf(pipx, 'gone')).toEqual([]);
  });
});

describe("npm's global packages", () => {
  it.each([
    ['typescript', ['5.4.2']],
    ['@scope/tool', ['1.0.0-rc.1']],
    ['damaged', []],
    ['gone', []],
  ])('%s has the versions %j', async (name, versions) => {
    const prefix = await folderWith({
      'lib/node_modules/typescript/package.json': '{"version":"5.4.2"}',
      'lib/node_modules/@scope/tool/package.json': '{"version":"1.0.0-rc.1"}',
      'lib/node_modules/damaged/package.json': '{"version":',
    });
    expect(await versionsOf(await openNpm({ environment: { NPM_CONFIG_PREFIX: prefix } }), name)).toEqual(
      versions,
    );
  });

  it("are in the folder that the user's .npmrc names", async () => {
    const home = await folderWith({
      '.npmrc': 'fund=false\nprefix = ~/own\n',
      'own/lib/node_modules/tool/package.json': '{"version":"2.0.0"}',
    });
    expect(await versionsOf(await openNpm({ environment: { HOME: home, PATH: '' } }), 'tool')).toEqual([
      '2.0.0',
    ]);
  });

  it('are unknown without node', async () => {
    const home = await mkdtemp(join(tmpdir(), 'machine-facts-'));
    expect(await openNpm({ environment: { HOME: home, PATH: '' } })).toHaveProperty('unknown');
  });
});

describe('gems', () => {
  it.each([
    ['rails', ['7.1.3', '6.1.0']],
    ['rails-html-sanitizer', ['1.6.0']],
    ['nokogiri', ['1.16.2']],
    ['rail', []],
  ])('%s has the versions %j', (name, versions) => {
    const files = [
      'rails-7.1.3',
      'rails-6.1.0',
      'rails-html-sanitizer-1.6.0',
      'nokogiri-1.16.2-x86_64-linux',
    ];
    const found = gemsNamed(name, [...files.map((file) => `${file}.gemspec`), 'rail-1.0.txt']);
    expect(found.map(({ version }) => version)).toEqual(versions);
  });
});

describe('crates', () => {
  // The form is documented by cargo, doc "cargo install" and ops/common_for_install_and_uninstall.rs.
  const record =
    '[v1]\n"ripgrep 14.1.0 (registry+https://example.org/index)" = ["rg"]\n' +
    '"removed 1.0.0 (registry+https://example.org/index)" = ["removed"]\n"odd" = 7\n';

  it.each([
    ['ripgrep', ['14.1.0']],
    ['removed', ['1.0.0 broken']],
    ['rg', []],
  ])('%s has the versions %j', async (name, versions) => {
    const home = await folderWith({ '.crates.toml': record, 'bin/rg': '' });
    expect(await versionsOf(await openCargo({ environment: { CARGO_HOME: home } }), name)).toEqual(versions);
  });
});

describe("Go's programs", () => {
  it.each([
    ['golang.org/x/tools/gopls', 'gopls'],
    ['github.com/golangci/golangci-lint/v2/cmd/golangci-lint', 'golangci-lint'],
    ['github.com/go-task/task/v3', 'task'],
    ['example.org/v1', 'v1'],
  ])('%s is the program %s', (path, program) => expect(programName(path)).toBe(program));

  it.runIf(process.platform === 'linux')('that are no ELF files are not found', async () => {
    const folder = await folderWith({ task: '#!/bin/sh\n' });
    expect(await versionsOf(openGo({ environment: { GOBIN: folder } }), 'github.com/go-task/task')).toEqual(
      [],
    );
  });
});
