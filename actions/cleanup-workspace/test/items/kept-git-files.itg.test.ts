import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { startDeadline } from '@runner-actions/core';
import { describe, expect, it } from 'vitest';
import type { KeptGitOutcome } from '../../src/items/kept-git-io.ts';
import { planKeptGit } from '../../src/items/kept-git-plan.ts';
import { reason as notRoot, user } from '../as-user.ts';
import { clean, evil, execute, make, plan, reasonsOf, withWorkspace } from './made-git.ts';

describe('a .git that is not what it seems', () => {
  it('is left alone if it is a file or a link, and the log says so', () => {
    for (const kind of ['file', 'link']) {
      const top = make({ 'outside/config': evil, 'outside/index.lock': '' });
      renameSync(join(top, 'w/.git'), join(top, 'w/other'));
      if (kind === 'file') writeFileSync(join(top, 'w/.git'), `gitdir: ${top}/outside\n`);
      else symlinkSync('../outside', join(top, 'w/.git'));
      expect(plan(top)).toEqual({
        steps: [],
        residue: [],
        notes: [expect.stringContaining('leads to')],
        finished: true,
      });
      expect(readdirSync(join(top, 'outside')).sort()).toEqual(['config', 'index.lock', 'x']);
    }
  });

  it('is no error if it does not exist, or if it is empty', () => {
    const top = make({});
    renameSync(join(top, 'w/.git/HEAD'), join(top, 'HEAD'));
    expect(plan(top).steps).toEqual([]);
    renameSync(join(top, 'w/.git'), join(top, 'moved'));
    expect(plan(top)).toEqual({ steps: [], residue: [], notes: [], finished: true });
  });

  it('may look bare, and is cleaned like every other', () => {
    const top = make({ 'w/.git/config': `${evil}\tbare = true\n`, 'w/.git/index.lock': '' });
    expect(clean(top).changes).toHaveLength(2);
    expect(readFileSync(join(top, 'w/.git/config'), 'utf8')).toBe('[core]\n\tbare = true\n');
  });
});

describe('links, pipes and large files in .git', () => {
  it('removes links to settings and hooks, and nothing behind them', () => {
    const top = make({ 'outside/config': evil, 'outside/hooks/post-checkout': 'run' });
    for (const name of ['config', 'config.worktree', 'hooks'])
      symlinkSync(`../../outside/${name}`, join(top, 'w/.git', name));
    symlinkSync('../../outside/x', join(top, 'w/.git/index.lock'));
    expect(clean(top)).toMatchObject({ changes: { length: 4 }, residue: [] });
    expect(readdirSync(join(top, 'w/.git'))).toEqual(['HEAD']);
    expect(readFileSync(join(top, 'outside/config'), 'utf8')).toBe(evil);
    expect(existsSync(join(top, 'outside/hooks/post-checkout'))).toBe(true);
  });

  it('does not follow links in the place of folders, and reports those that lead to repositories', () => {
    const top = make({ 'outside/m/config': evil, 'outside/main.lock': '' });
    symlinkSync('../../outside', join(top, 'w/.git/modules'));
    symlinkSync('../../outside', join(top, 'w/.git/refs'));
    mkdirSync(join(top, 'w/.git/worktrees'));
    expect(reasonsOf(clean(top))).toEqual([expect.stringContaining('.git/modules: it is a link')]);
    expect(readFileSync(join(top, 'outside/m/config'), 'utf8')).toBe(evil);
    expect(existsSync(join(top, 'outside/main.lock'))).toBe(true);
    const inModules = make({ 'w/.git/modules/a/HEAD': '' });
    symlinkSync('../../../outside', join(inModules, 'w/.git/modules/b'));
    expect(reasonsOf(clean(inModules))).toEqual([expect.stringContaining('.git/modules/b: it is a link')]);
  });

  it.runIf(process.platform === 'linux')(
    'reports settings that are a pipe, too large, or invalid, and leaves them',
    () => {
      const top = make({
        'w/.git/config.worktree': `${evil}${'#'.repeat(1_048_576)}`,
        'w/.git/modules/a/config': '[core\nfsmonitor = run',
      });
      spawnSync('mkfifo', [join(top, 'w/.git/config')]);
      expect(reasonsOf(clean(top))).toEqual([
        '.git/config.worktree: it is too large',
        '.git/config: it is not a regular file',
        '.git/modules/a/config: git cannot read it either: it is not a valid configuration',
      ]);
      expect(readFileSync(join(top, 'w/.git/modules/a/config'), 'utf8')).toBe('[core\nfsmonitor = run');
    },
  );

  it('does not change the other name of a configuration with a hard link', () => {
    const top = make({ 'outside/config': evil });
    spawnSync('ln', [join(top, 'outside/config'), join(top, 'w/.git/config')]);
    clean(top);
    expect(readFileSync(join(top, 'w/.git/config'), 'utf8')).toBe('');
    expect(readFileSync(join(top, 'outside/config'), 'utf8')).toBe(evil);
  });
});

it('finds submodules at every depth, also below a file that makes their parent look like a repository', () => {
  const configs = ['a', 'a/b', 'logs', 'libs/x', 'libs/x/modules/y', 'libs/x/z/modules/q'].map(
    (path) => `w/.git/modules/${path}/config`,
  );
  const top = make(Object.fromEntries([...configs, 'w/.git/modules/HEAD'].map((path) => [path, evil])));
  expect(clean(top).residue).toEqual([]);
  for (const path of configs) expect(readFileSync(join(top, path), 'utf8')).toBe('');
});

it('does not go deeper than a limit, and says so', () => {
  const deep = `w/.git/refs/${'d/'.repeat(70)}`;
  const top = make({ [`${deep}x.lock`]: '', 'w/.git/HEAD.lock': '' });
  const outcome = clean(top);
  expect(outcome.changes).toHaveLength(1);
  expect(reasonsOf(outcome)).toEqual([expect.stringContaining('it is more than 60 folders deep')]);
});

it('leaves what the machine protects', () => {
  const top = make({
    'w/.git/config': evil,
    'w/.git/hooks/a': '',
    'w/.git/hooks/b': '',
    'w/.git/modules/m/HEAD.lock': '',
  });
  const planned = (protect: string[]) =>
    withWorkspace(top, (folder) => planKeptGit(folder, startDeadline(60_000), protect)).steps.map(
      ({ what }) => what,
    );
  expect(planned(['.git/hooks/a', '.git/config', '.git/modules'])).toEqual(['.git/hooks/b']);
  expect(planned([''])).toEqual([]);
});

it('shows names of any kind on one line', () => {
  const top = make({ 'w/.git/hooks/a\n::error::b': '' });
  expect(clean(top).changes.join('')).not.toContain('\n');
  expect(readdirSync(join(top, 'w/.git/hooks'))).toEqual([]);
});

describe('between the plan and its execution', () => {
  it('changes nothing, and then exactly what was planned', () => {
    const top = make({ 'w/.git/config': evil, 'w/.git/index.lock': '', 'w/.git/hooks/post-checkout': '' });
    const planned = plan(top);
    expect(readdirSync(join(top, 'w/.git')).sort()).toEqual(['HEAD', 'config', 'hooks', 'index.lock']);
    expect(planned.steps.map(({ change, what }) => [change, what])).toEqual([
      ['delete', '.git/hooks/post-checkout'],
      ['delete', '.git/index.lock'],
      ['edit', '.git/config'],
    ]);
    writeFileSync(join(top, 'w/.git/shallow.lock'), '');
    expect(execute(top, planned).changes).toHaveLength(3);
    expect(readdirSync(join(top, 'w/.git')).sort()).toEqual(['HEAD', 'config', 'hooks', 'shallow.lock']);
  });

  it('leaves a file that changed or was replaced, and is content with one that is gone', () => {
    const top = make({ 'w/.git/config': evil, 'w/.git/index.lock': '', 'w/.git/HEAD.lock': '' });
    const planned = plan(top);
    writeFileSync(join(top, 'w/.git/config'), `${evil}# more\n`);
    writeFileSync(join(top, 'w/.git/index.lock'), 'of another process');
    renameSync(join(top, 'w/.git/HEAD.lock'), join(top, 'gone'));
    const outcome = execute(top, planned);
    expect(outcome.changes).toEqual([]);
    expect(reasonsOf(outcome)).toEqual([
      '.git/config: it changed during the clean-up',
      '.git/index.lock: it changed during the clean-up',
    ]);
    expect(readFileSync(join(top, 'w/.git/config'), 'utf8')).toBe(`${evil}# more\n`);
  });

  it('does not follow a link that replaces a folder', () => {
    const top = make({ 'w/.git/hooks/post-checkout': '', 'outside/post-checkout': '' });
    const planned = plan(top);
    renameSync(join(top, 'w/.git/hooks'), join(top, 'moved'));
    symlinkSync('../../outside', join(top, 'w/.git/hooks'));
    expect(reasonsOf(execute(top, planned))).toEqual(['.git/hooks/post-checkout: it is a link']);
    expect(existsSync(join(top, 'outside/post-checkout'))).toBe(true);
  });

  it('stops at the deadline, and the next run does the rest', () => {
    const top = make({ 'w/.git/index.lock': '', 'w/.git/config': evil });
    expect(plan(top, 0)).toMatchObject({ steps: [], finished: false });
    expect(execute(top, plan(top), 0)).toMatchObject({ changes: [], finished: false });
    expect(clean(top)).toMatchObject({ changes: { length: 2 }, finished: true });
  });

  it('removes what a killed clean-up left, which git does not take for a lock of its own', () => {
    const top = make({ 'w/.git/config': evil, 'w/.git/config.runner-actions.lock': 'half' });
    expect(spawnSync('git', ['config', '--file', join(top, 'w/.git/config'), 'a.b', 'c']).status).toBe(0);
    clean(top);
    expect(readdirSync(join(top, 'w/.git')).sort()).toEqual(['HEAD', 'config']);
  });
});

it.runIf(notRoot === '')(`cleans as an ordinary user, and reports what belongs to root${notRoot}`, () => {
  const top = make({ 'w/.git/config': evil, 'w/.git/index.lock': '', 'w/.git/modules/m/config': evil });
  spawnSync('chown', ['-R', `${user}:${user}`, top]);
  spawnSync('chown', ['-R', 'root:root', join(top, 'w/.git/modules')]);
  spawnSync('chmod', ['0555', join(top, 'w/.git')]);
  const items = join(import.meta.dirname, '../../src/items');
  const code = `const { openFolder } = await import('@runner-actions/host');
    const { startDeadline } = await import('@runner-actions/core');
    const { planKeptGit } = await import('${items}/kept-git-plan.ts');
    const { cleanKeptGit } = await import('${items}/kept-git-io.ts');
    const [folder, deadline] = [openFolder('${top}/w'), startDeadline(60_000)];
    console.log(JSON.stringify(cleanKeptGit(folder, planKeptGit(folder, deadline), deadline)));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    ...{ encoding: 'utf8', uid: user, gid: user, cwd: join(items, '../..') },
  });
  expect(stderr).toBe('');
  const outcome = JSON.parse(stdout) as KeptGitOutcome;
  expect(outcome.changes).toHaveLength(2);
  expect(reasonsOf(outcome)).toEqual(['.git/modules/m/config: no permission: it belongs to another user']);
  expect(lstatSync(join(top, 'w/.git/config')).uid).toBe(user);
});
