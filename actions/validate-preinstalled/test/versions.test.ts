import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { probeOf, readVersion } from '../src/probes.ts';
import { parseRange, parseVersion, satisfies } from '../src/version.ts';

describe('satisfies, parseRange and parseVersion', () => {
  it.each<[string, string, boolean]>([
    ['v20.11.1', '20', true],
    ['21.0.0', '20', false],
    ['20.3.0', '20.x', true],
    ['20.3.0', '^20', true],
    ['0.3.1', '^0.2', false],
    ['24.21.0', '>=20 <25', true],
    ['25.0.0', '>= 20 < 25', false],
    ['v1.32.4-dispatcher', '>=1.32.4', true],
    ['1.32.4-rc.1', '>=1.32.4', false],
    ['1.21rc2', '>=1.20', false],
    ['3.13.0a1', '>=3.12', false],
    ['3.3a', '>=3.3', true],
    ['1.0.2b', '>=1.0', true],
    ['24.0.7-1', '>=24.0.7', true],
    ['8.5.0-r0', '>=8.5.0', true],
    ['9.2p1', '>=9.2', true],
    ['1.8.0_402', '>=1.8', true],
    ['22.04', '22.04', true],
    ['22.04', '>=22.10', false],
    ['1.2.3.4', '>=1.2.3.3', true],
    ['1.2.3.4', '>1.2.3.4', false],
    ['2024.10', '>=2024.9', true],
    ['1.10', '>=1.9', true],
    ['18.1.0', '18 || 20', true],
    ['1.5.0', '1.2 - 1.4', false],
    ['20.9.0', '<=20', true],
    ['3.0.0-beta', 'latest', true],
  ])('reports whether %s is in the range %s: %s', (found, range, expected) => {
    const version = parseVersion(found);
    const parsed = parseRange(range);
    expect(version && parsed && satisfies(version, parsed)).toBe(expected);
  });
  it.each(['', 'abc', '>=', '20 foo', '>=x.y', '20 ||', `>=1.${'9'.repeat(20)}`])(
    'rejects the range %j',
    (text) => expect(parseRange(text)).toBeUndefined(),
  );
  it('rejects a version with a number too large to be exact', () =>
    expect(parseVersion(`1.${'9'.repeat(20)}`)).toBeUndefined());
});

const outputs: [tool: string, output: string, version: string | undefined][] = [
  ['node', 'v24.1.0\n', '24.1.0'],
  ['java', 'openjdk version "1.8.0_402"\n', '8.0_402'],
  ['java', 'openjdk version "21.0.2" 2024-01-16', '21.0.2'],
  ['go', 'go version go1.22.1 linux/amd64', '1.22.1'],
  ['git', 'git version 2.39.3 (Apple Git-146)', '2.39.3'],
  ['ssh', 'OpenSSH_9.2p1 Debian-2, OpenSSL 3.0.1', '9.2p1'],
  ['jq', 'jq-1.6', '1.6'],
  ['docker', 'Docker version 20.10.24+dfsg1, build 297e128', '20.10.24+dfsg1'],
  ['kubectl', '{"clientVersion":{"gitVersion": "v1.32.4-dispatcher"}}', '1.32.4-dispatcher'],
  ['gh', 'gh version 2.40.1 (2023-12-13)\nhttps://x/v9.9.9', '2.40.1'],
  ['mvn', '\u001b[1mApache Maven 3.8.7\u001b[m', '3.8.7'],
  ['mysql', 'mysql  Ver 15.1 Distrib 10.11.6-MariaDB, for debian', '10.11.6-MariaDB'],
  ['mysql', 'mysql  Ver 8.0.36 for Linux', '8.0.36'],
  ['dotnet', '8.0.100 [/usr/sdk]\n9.0.101 [/usr/sdk]\n\n', '9.0.101'],
  ['tmux', 'tmux 3.3a', '3.3a'],
  ['less', 'less 590 (GNU regular expressions)', '590'],
  ['perl', '\nThis is perl 5, version 36, subversion 0 (v5.36.0) built', '5.36.0'],
  ['python3', 'no version here', undefined],
  ['unzip', 'UnZip 6.00 of 20 April 2009', '6.00'],
  ['npm', '11.19.1\n', '11.19.1'],
  ['python', 'Python 3.11.2', '3.11.2'],
  ['javac', 'javac 17.0.10', '17.0.10'],
  ['helm', 'v3.14.2', '3.14.2'],
  ['terraform', '{\n  "terraform_version": "1.7.4",', '1.7.4'],
  ['gcc', '12.2.0\n', '12.2.0'],
  ['g++', '12.2.0\n', '12.2.0'],
  ['zip', 'Type \'zip "-L"\' for software license.\nThis is Zip 3.0 (July 5th 2008), by Info-ZIP.', '3.0'],
  ['openssl', 'OpenSSL 3.0.11 19 Sep 2023 (Library: OpenSSL 3.0.11 19 Sep 2023)', '3.0.11'],
  ['aws', 'aws-cli/2.15.30 Python/3.11.8 Linux/6.5.0 exe/x86_64', '2.15.30'],
  ['nvcc', 'Cuda compilation tools, release 12.3, V12.3.107', '12.3.107'],
  ['az', '{\n  "azure-cli": "2.57.0",\n  "azure-cli-core": "2.57.0"', '2.57.0'],
  ['oc', 'Client Version: 4.15.0\nKustomize Version: v5.0.4', '4.15.0'],
  ['kustomize', 'v5.3.0\n', '5.3.0'],
  ['minikube', 'v1.32.0\n', '1.32.0'],
  ['ffmpeg', 'ffmpeg version n6.1.1 Copyright (c) 2000-2023 the FFmpeg developers', '6.1.1'],
  ['lsof', 'lsof version information:\n    revision: 4.95.0\n', '4.95.0'],
  ['lua', 'Lua 5.4.4  Copyright (C) 1994-2022 Lua.org, PUC-Rio', '5.4.4'],
  ['awk', 'mawk 1.3.4 20200120\n', '1.3.4'],
  ['7z', '\n7-Zip 23.01 (x64) : Copyright (c) 1999-2023 Igor Pavlov', '23.01'],
];

describe('readVersion', () => {
  it.each(outputs)('reads the version in the output of %s', (tool, output, expected) =>
    expect(readVersion(probeOf(tool), output)).toBe(expected),
  );

  it('is tested with an output of every tool in the table of probes', () => {
    const source = readFileSync(join(import.meta.dirname, '../src/probes.ts'), 'utf8');
    const [, table = ''] = /const probes[^{]*\{\n(.*?)\n\};/s.exec(source) ?? [];
    const tools = [...table.matchAll(/^ {2}'?([\w+-]+)'?:/gm)].map(([, tool]) => tool);
    expect(tools.length).toBeGreaterThan(0);
    expect(tools.filter((tool) => !outputs.some(([name]) => name === tool))).toEqual([]);
  });
});
