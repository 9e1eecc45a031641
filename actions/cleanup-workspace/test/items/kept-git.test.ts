import { describe, expect, it } from 'vitest';
import {
  isCredentialStore,
  isRepository,
  pathUp,
  roleOf,
  safeAge,
  settingsText,
  whyLockStays,
} from '../../src/items/kept-git.ts';

describe('roleOf', () => {
  const role = (path: string, folder: 'repository' | 'worktree' = 'repository', ignoresCase = false) =>
    roleOf(path.replace(/\/$/, '').split('/'), path.endsWith('/'), folder, ignoresCase);

  it.each([
    'index.lock',
    'HEAD.lock',
    'config.lock',
    'shallow.lock',
    'packed-refs.lock',
    'index~pid.lock',
    'next-index-55.lock',
    'refs/heads/a/b.lock',
    'logs/HEAD.lock',
    'info/sparse-checkout.lock',
    'reftable/tables.list.lock',
    'rebase-merge/git-rebase-todo.lock',
    'objects/maintenance.lock',
    'objects/info/commit-graph.lock',
    'objects/info/commit-graphs/commit-graph-chain.lock',
    'objects/pack/multi-pack-index.lock',
    'objects/pack/multi-pack-index.d/multi-pack-index-chain.lock',
  ])('takes %s for a lock', (path) => {
    expect(role(path)).toBe('lock');
  });

  it.each([
    'lfs/cache/locks/x.lock',
    'objects/pack/pack-1.keep',
    'objects/pack/pack-1.lock',
    'hooks/pre-push.sample',
    'hooks/sub/x',
    'worktrees/x/locked',
    'modules.lock/',
  ])('leaves %s', (path) => {
    expect(role(path)).toBe('nothing');
  });

  it('looks for locks everywhere but in the objects, where most files are', () => {
    const inside = [
      'refs/',
      'refs/heads/',
      'logs/refs/',
      'objects/',
      'objects/info/',
      'objects/pack/',
      'hooks/',
    ];
    expect(inside.map((path) => role(path))).toEqual(inside.map(() => 'look inside'));
    const not = ['objects/00/', 'objects/pack/x/', 'lfs/', 'lfs/objects/', 'rr-cache/', 'hooks/x/'];
    expect(not.map((path) => role(path))).toEqual(not.map(() => 'nothing'));
  });

  it('knows settings, hooks and credentials, also under another case where the file system ignores it', () => {
    const files = {
      config: 'config',
      'config.worktree': 'config',
      commondir: 'other repository',
      hooks: 'hooks',
    };
    const more = {
      'hooks/post-checkout': 'hook',
      '.git-credentials': 'credentials',
      modules: 'link to others',
    };
    for (const [path, expected] of Object.entries({ ...files, ...more })) {
      expect(role(path)).toBe(expected);
      expect(role(path.toUpperCase(), 'repository', true)).toBe(expected);
      expect(role(path.toUpperCase())).not.toBe(expected);
    }
    expect(role('worktrees/x/')).toBe('worktree');
    expect(role('config.worktree', 'worktree')).toBe('config');
    expect(role('hooks/', 'worktree')).toBe('nothing');
  });
});

it('recognizes the git folder of a submodule among folders that are only a part of a name', () => {
  expect(isRepository([{ name: 'HEAD', isDirectory: false }])).toBe(true);
  expect(isRepository([{ name: 'config', isDirectory: true }])).toBe(false);
  expect(pathUp(['modules', 'a', 'config'])).toBe('../../../');
  expect(pathUp(['config'])).toBeUndefined();
});

it.each([
  ['https://u:p@h\nhttp://x:y%40@h:80/p\n', true],
  ['https://u:p@h\nmore\n', false],
  ['https://h/u:p@x\n', false],
  ['https://u@h\n', false],
  ['ref: refs/heads/main\n', false],
  ['', false],
])('recognizes a store of credentials: %j, %s', (text, is) => {
  expect(isCredentialStore(text)).toBe(is);
});

it('names a limited number of settings', () => {
  const text = settingsText(Array.from({ length: 10 }, (_, index) => `'a.${index}'`));
  expect(text).toContain("'a.7' and 2 more:");
});

describe('whyLockStays', () => {
  it.each([
    [[], [], 0, undefined],
    [["'git' (process 5)"], [], safeAge * 100, "'git' (process 5) is running in this repository"],
    [[], [7], 0, 'its process may still be running'],
    [[], [7], safeAge + 1, undefined],
    [[], [8], 0, undefined],
    [[], 'everybody', 0, 'its process may still be running'],
    [[], 'everybody', -safeAge * 2, 'its process may still be running'],
    [[], 'everybody', safeAge + 1, undefined],
  ] as const)('with %j running, %j hidden, at the age %d', (running, hidden, age, why) => {
    const stays = whyLockStays({ running, hidden }, { age, user: 7 });
    if (why === undefined) expect(stays).toBeUndefined();
    else expect(stays).toContain(why);
  });
});
