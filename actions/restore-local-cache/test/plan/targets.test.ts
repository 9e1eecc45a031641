import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Roots } from '../../src/plan/runner-roots.ts';
import { portablePathNames } from '../../src/plan/runner-roots.ts';
import { placeOfFile, placesToPaths, resolveTargets } from '../../src/plan/targets.ts';

const roots: Roots = {
  workspace: '/w/_work/app/app',
  home: '/home/me',
  temp: '/w/_work/_temp',
  tool: '/w/_work/_tool',
};
const around = { roots, store: '/w/store' };

describe('resolveTargets', () => {
  it('resolves paths from the workspace, from the home directory and absolute ones', () => {
    const targets = resolveTargets(['a/b', '~/.npm', '/opt/x', 'a/b/'], around);
    expect(targets.map(({ path }) => path)).toEqual(['/w/_work/app/app/a/b', '/home/me/.npm', '/opt/x']);
  });

  it.each([['/'], ['.'], ['..'], ['~'], ['.git'], ['.git/objects'], ['/w/store'], ['/w'], ['/w/store/v3']])(
    'refuses the path %s',
    (path) => {
      expect(() => resolveTargets([path], around)).toThrow(/Input 'path' has/);
    },
  );

  it.each([
    ['.git', "is the checkout's Git data, /w/_work/app/app/.git"],
    ['.git/objects', "lies in the checkout's Git data, /w/_work/app/app/.git"],
    ['..', 'contains the workspace, /w/_work/app/app'],
    ['~', 'is the home directory, /home/me'],
    ['/w/store/v3', "lies in the action's store, /w/store"],
    ['~/.ssh', 'is a folder of keys, /home/me/.ssh'],
    ['/home/me/.gnupg/x', 'lies in a folder of keys, /home/me/.gnupg'],
    ['~/.config', 'contains a folder of keys, /home/me/.config/gcloud'],
    ['/etc', 'is a folder of the system, /etc'],
    ['/usr/share/x', 'lies in a folder of the system, /usr'],
  ])('gives the reason why %s is refused', (path, why) => {
    const what = path.replace(/^~/, roots.home);
    expect(() => resolveTargets([path], around)).toThrow(
      `Input 'path' has ${resolve(roots.workspace, what)}, which ${why}. Use only paths that the job itself creates.`,
    );
  });

  it.each([
    ...['~/.cargo', '~/.gradle', '~/.m2', '~/.npm', '~/.cache', '~/.config/yarn', '~/.local', '~/.sshd'],
    ...[
      '.ssh',
      'x/.aws',
      '/usr/local/lib/x',
      '/opt/x',
      '/var/cache/x',
      '/w/_work/_tool/go',
      '/w/_work/_temp/x',
    ],
  ])('accepts %s', (path) => {
    expect(resolveTargets([path], around)).toHaveLength(1);
  });

  it('keeps only the outer one of nested paths, in the order of the input', () => {
    const paths = (...given: string[]) =>
      resolveTargets(given, around).map(({ path }) => path.slice(roots.workspace.length + 1));
    expect(paths('b', 'a/b', 'a', 'a/b/c', 'a-b')).toEqual(['b', 'a', 'a-b']);
  });

  it.each([['.git/lfs'], ['.git/lfs/objects'], ['.git/modules/x']])(
    'accepts %s, which contains fetched data',
    (path) => {
      expect(resolveTargets([path], around)).toHaveLength(1);
    },
  );
});

describe('portablePathNames', () => {
  it('returns the same names for other spellings of the paths and other locations of the folders', () => {
    const hosted: Roots = {
      workspace: '/home/runner/work/app/app',
      home: '/home/runner',
      temp: '/home/runner/work/_temp',
      tool: '/opt/hostedtoolcache',
    };
    const names = [
      'workspace:node_modules',
      'home:.npm',
      'tool:go',
      'temp:x',
      '/var/models',
      '!workspace:a/*.log',
    ];
    expect(
      portablePathNames(
        ['./node_modules/', '~/.npm', '/w/_work/_tool/go', '/w/_work/_temp/x', '/var/models', '!a/*.log'],
        roots,
      ),
    ).toEqual(names);
    expect(
      portablePathNames(
        [
          '/home/runner/work/app/app/node_modules',
          '/home/runner/.npm',
          '/opt/hostedtoolcache/go',
          '/home/runner/work/_temp/x',
          '/var//models',
          '!./a/*.log',
        ],
        hosted,
      ),
    ).toEqual(names);
  });
});

describe('placesToPaths', () => {
  const paths = ['deps', '~/.npm', 'packages/*/out'];

  it('finds the paths on a runner with other folders, without reading the disk', () => {
    const places = [
      { path: 2, below: 'a/out' },
      { path: 1, below: '' },
      { path: 0, below: '' },
    ];
    const other = { roots: { ...roots, workspace: '/x/app', home: '/home/you' }, store: undefined };
    expect(placesToPaths(places, paths, around)).toEqual([
      '/w/_work/app/app/packages/a/out',
      '/home/me/.npm',
      '/w/_work/app/app/deps',
    ]);
    expect(placesToPaths(places, paths, other)[1]).toBe('/home/you/.npm');
  });

  it.each([
    { path: 0, below: '../x' },
    { path: 0, below: 'x' },
    { path: 2, below: '../../other' },
    { path: 2, below: '/etc' },
    { path: 9, below: '' },
  ])('refuses a place that no path matches: %o', (place) => {
    expect(() => placesToPaths([place], paths, around)).toThrow('outside of the paths');
  });
});

describe('placeOfFile', () => {
  const paths = ['deps', '~/.npm', 'packages/*/out', '!deps/x'];
  const of = (full: string) => placeOfFile(full, paths, around);

  it.each([
    ['/w/_work/app/app/deps/a/b', '/w/_work/app/app/deps', { path: 0, below: '' }],
    ['/w/_work/app/app/deps', '/w/_work/app/app/deps', { path: 0, below: '' }],
    ['/home/me/.npm/_cacache/x', '/home/me/.npm', { path: 1, below: '' }],
    ['/w/_work/app/app/packages/a/out/f', '/w/_work/app/app/packages/a/out', { path: 2, below: 'a/out' }],
  ])('finds the tree of %s', (full, path, place) => {
    expect(of(full)).toEqual({ path, place });
  });

  it('returns the outer one of nested paths', () => {
    const full = '/w/_work/app/app/a/b/c';
    expect(placeOfFile(full, ['a/b', 'a', '*/b'], around)?.place).toEqual({ path: 1, below: '' });
  });

  it.each(['/etc/passwd', '/w/_work/app/app/depsx', '/home/me/.ssh/id', '/w/_work/app/app/packages/a/in/f'])(
    'returns undefined for %s',
    (full) => {
      expect(of(full)).toBeUndefined();
    },
  );
});
