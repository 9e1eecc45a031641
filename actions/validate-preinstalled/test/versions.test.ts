import { describe, expect, it } from 'vitest';
import { parseDebRange, satisfiesDeb } from '../src/deb-version.ts';
import { parsePackages } from '../src/packages.ts';
import { probeOf, readVersion } from '../src/probes.ts';
import { parseRange, parseVersion, satisfies } from '../src/version.ts';

describe('ranges', () => {
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
  ])('%s in %s: %s', (found, range, expected) => {
    const version = parseVersion(found);
    const parsed = parseRange(range);
    expect(version && parsed && satisfies(version, parsed)).toBe(expected);
  });
  it.each(['', 'abc', '>=', '20 foo', '>=x.y'])('%j is no range', (text) =>
    expect(parseRange(text)).toBeUndefined(),
  );
});

describe('probe output', () => {
  it.each([
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
  ])('%s', (tool, output, expected) => expect(readVersion(probeOf(tool), output)).toBe(expected));
});

describe('Debian versions', () => {
  it.each<[string, string, boolean]>([
    ['1:9.6p1-3ubuntu13', '>=8.5', true],
    ['3.0.19-1~deb12u2', '3', true],
    ['30.1', '3', false],
    ['5.2.15-2+b8', '>=5.2.15-3', false],
  ])('%s in %s: %s', (found, range, expected) =>
    expect(satisfiesDeb(found, parseDebRange(range) ?? [])).toBe(expected),
  );
  it('resolves what is provided', () => {
    const packages = parsePackages('mawk\t1.3-1\tii \tawk\nold\t1\trc \t\n');
    expect(packages.get('awk')).toEqual({ name: 'mawk', version: '1.3-1' });
    expect(packages.has('old')).toBe(false);
  });
});
