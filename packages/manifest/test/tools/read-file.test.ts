import { describe, expect, it } from 'vitest';
import { toolNamed } from '../../src/tools/catalogue.ts';
import { interpreterOf, readToolFiles } from '../../src/tools/read-file.ts';

const probe = (tool: string, index = 0) => {
  const found = toolNamed(tool)?.files?.[index];
  if (found === undefined) throw new Error(`${tool} has no file`);
  return found;
};
const packageFile = (name: string, version: string) =>
  `{\n  "version": "${version}",\n  "name": "${name}",\n  "engines": {\n    "version": "9.9.9"\n  }\n}\n`;

describe('the file of a tool', () => {
  it.each([
    ['go', '/usr/local/go/VERSION', 'go1.26.8\ntime 2026-08-28T16:20:06Z\n', '1.26.8'],
    [
      'java',
      '/usr/lib/jvm/java-17-openjdk-amd64/release',
      'JAVA_VERSION="17.0.19"\nJAVA_VERSION_DATE="2026-04-21"\n',
      '17.0.19',
    ],
    ['java', '/opt/jdk8/release', 'IMPLEMENTOR="x"\nJAVA_VERSION="1.8.0_402"\n', '1.8.0_402'],
    ['gcloud', '/usr/lib/google-cloud-sdk/VERSION', '528.0.0\n', '528.0.0'],
    ['erl', '/usr/lib/erlang/releases/25/OTP_VERSION', '25.2.3\n', '25.2.3'],
    ['kotlinc', '/opt/kotlinc/build.txt', '1.9.22-release-704', '1.9.22'],
    ['kotlinc', '/opt/kotlinc/build.txt', '2.0.0-Beta4-release-1', '2.0.0-Beta4'],
    ['npm', '/usr/lib/node_modules/npm/package.json', packageFile('npm', '11.19.1'), '11.19.1'],
  ])('gives the version of %s in %s', (tool, path, content, version) => {
    expect(readToolFiles(probe(tool), [{ path, content }])).toEqual([version]);
  });

  it.each([
    ['mvn', '/opt/maven/lib/maven-core-3.9.6.jar', '3.9.6'],
    ['gradle', '/usr/share/gradle/lib/gradle-core-4.4.1.jar', '4.4.1'],
    ['pip', '/opt/venv/lib/python3.11/site-packages/pip-23.2.1.dist-info', '23.2.1'],
    ['az', '/opt/venv/lib/python3.11/site-packages/azure_cli-2.91.0.dist-info', '2.91.0'],
    ['conda', '/opt/conda/conda-meta/conda-23.11.0-py311h06a4308_0.json', '23.11.0'],
    ['dotnet', '/usr/share/dotnet/sdk/8.0.404/dotnet.dll', '8.0.404'],
  ])('gives the version of %s in the name %s', (tool, path, version) => {
    expect(readToolFiles(probe(tool), [{ path }])).toEqual([version]);
  });

  it.each([
    ["Debian's link of Maven", 'mvn', '/usr/share/maven/lib/maven-core-3.x.jar', ''],
    ['another jar of Gradle', 'gradle', '/usr/share/gradle/lib/gradle-core-api-4.4.1.jar', ''],
    ['the file of another package', 'pnpm', '/x/corepack/package.json', packageFile('corepack', '0.28.0')],
    ['an empty file', 'go', '/usr/local/go/VERSION', ''],
    ['a development build', 'go', '/usr/local/go/VERSION', 'devel go1.24-1f6f8a1'],
  ])('tells nothing from %s', (_, tool, path, content) => {
    expect(readToolFiles(probe(tool), [{ path, content }])).toEqual([]);
  });

  it('tells nothing where two files tell different versions', () => {
    const files = ['3.11', '3.12'].map((python, index) => ({
      path: `/usr/local/lib/python${python}/site-packages/pip-2${String(index)}.0.dist-info`,
    }));
    expect(readToolFiles(probe('pip'), files)).toEqual([]);
    expect(readToolFiles(probe('pip'), files.slice(0, 1))).toEqual(['20.0']);
  });

  it('tells all versions of a tool that lists several', () => {
    const files = ['6.0.428', '8.0.404'].map((sdk) => ({ path: `/usr/share/dotnet/sdk/${sdk}/dotnet.dll` }));
    expect(readToolFiles(probe('dotnet'), files, true)).toEqual(['6.0.428', '8.0.404']);
  });
});

describe('the interpreter of a script', () => {
  it.each([
    ['#!/usr/bin/env node\nrest', ['/usr/bin/env', 'node']],
    ['#! /opt/venv/bin/python -I\n', ['/opt/venv/bin/python', '-I']],
    ['#!/bin/sh', ['/bin/sh']],
    ['\u007fELF', undefined],
    ['', undefined],
  ])('in %j is %j', (start, interpreter) => {
    expect(interpreterOf(start)).toEqual(interpreter);
  });
});
