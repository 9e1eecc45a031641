import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { hiddenUsers } from '../../src/items/git-users-io.ts';
import { type Users, whyLockStays } from '../../src/items/kept-git.ts';
import { clean, make, reasonsOf } from './made-git.ts';

describe('a lock of a living process', () => {
  const started: ChildProcess[] = [];
  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
  });

  it.runIf(process.platform === 'linux')('stays, and goes after the process has ended', async () => {
    const top = make({ 'w/.git/index.lock': '', 'w/sub/x': '' });
    const child = spawn('git', ['hash-object', '--stdin'], { cwd: join(top, 'w/sub') });
    started.push(child);
    expect(reasonsOf(clean(top))).toEqual([
      `.git/index.lock: 'git' (process ${child.pid}) is running in this repository`,
    ]);
    expect(existsSync(join(top, 'w/.git/index.lock'))).toBe(true);
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
    expect(clean(top)).toMatchObject({ changes: { length: 1 }, residue: [] });
  });

  it.runIf(process.platform === 'linux')(
    'stays for a program other than git that has the lock open',
    async () => {
      const top = make({ 'w/.git/index.lock': '' });
      const lock = JSON.stringify(join(top, 'w/.git/index.lock'));
      const hold = `require('fs').openSync(${lock}); process.stdin.resume(); console.log('open');`;
      const child = spawn(process.execPath, ['-e', hold], { cwd: '/' });
      started.push(child);
      await once(child.stdout, 'data');
      expect(reasonsOf(clean(top))).toEqual([expect.stringContaining(`process ${child.pid}`)]);
    },
  );

  it.runIf(process.platform === 'linux')('is not saved by git in another folder', () => {
    const top = make({ 'w/.git/index.lock': '' });
    started.push(spawn('git', ['hash-object', '--stdin'], { cwd: join(top, 'outside') }));
    expect(clean(top).changes).toHaveLength(1);
  });

  it.runIf(process.platform === 'linux').each<[string, string[], (top: string) => object]>([
    ['its option --git-dir', ['--git-dir', '../w/.git'], () => ({})],
    ['that option with a link', ['--git-dir=link'], () => ({})],
    ['its variable GIT_DIR', [], (top) => ({ GIT_DIR: join(top, 'w/.git/modules/m') })],
  ])('stays for git elsewhere that names the repository by %s', (_by, options, variables) => {
    const top = make({
      ...{ 'w/.git/index.lock': '', 'w/.git/modules/m/HEAD': '', 'w/.git/HEAD': 'ref: refs/heads/main\n' },
      ...{ 'w/.git/objects/x': '', 'w/.git/refs/x': '', 'outside/x': '' },
    });
    symlinkSync(join(top, 'w/.git'), join(top, 'outside/link'));
    const at = { cwd: join(top, 'outside'), env: { ...process.env, ...variables(top) } };
    // It needs no repository, so it does not fail.
    const child = spawn('git', [...options, 'hash-object', '--stdin'], at);
    started.push(child);
    expect(reasonsOf(clean(top))).toContain(
      `.git/index.lock: 'git' (process ${child.pid}) is running in this repository`,
    );
  });

  it('may be of a user whose processes the system hides, but not of this one', () => {
    const stays = (hidden: Users['hidden'], user: number) =>
      whyLockStays({ running: [], hidden }, { age: 0, user }) !== undefined;
    expect(stays(hiddenUsers(true, [], 7), 7)).toBe(false);
    expect(stays(hiddenUsers(true, [], 7), 0)).toBe(true);
    expect(stays(hiddenUsers(true, [7], 7), 7)).toBe(true);
    expect(stays(hiddenUsers(false, [3], 7), 7)).toBe(false);
    expect(stays(hiddenUsers(false, [3], 7), 3)).toBe(true);
  });

  it.runIf(process.platform === 'linux')(
    'stays for git in a linked worktree outside of the workspace',
    () => {
      const top = make({
        'w/.git/worktrees/t/index.lock': '',
        'w/.git/worktrees/t/HEAD': 'ref: refs/heads/main\n',
        'w/.git/worktrees/t/commondir': '../..\n',
        ...{ 'w/.git/objects/info/x': '', 'w/.git/refs/heads/x': '', 'outside/sub/x': '' },
      });
      writeFileSync(join(top, 'outside/.git'), `gitdir: ${join(top, 'w/.git/worktrees/t')}\n`);
      const child = spawn('git', ['hash-object', '--stdin'], { cwd: join(top, 'outside/sub') });
      started.push(child);
      expect(reasonsOf(clean(top))).toEqual([expect.stringContaining(`process ${child.pid}) is running`)]);
    },
  );

  it('stays while the process of gc.pid lives, as git decides it', () => {
    const [fresh, old] = [new Date(), new Date(Date.now() - 13 * 3_600_000)];
    const lockedBy = (pid: number, host: string, date: Date): number => {
      const top = make({
        'w/.git/gc.pid': `${pid} ${host}`,
        'w/.git/modules/m/packed-refs.lock': '',
        'w/.git/modules/m/HEAD': '',
        'w/.git/index.lock': '',
      });
      utimesSync(join(top, 'w/.git/gc.pid'), date, date);
      return clean(top).residue.length;
    };
    const child = spawn('git', ['hash-object', '--stdin'], { cwd: '/' });
    started.push(child);
    expect(lockedBy(child.pid ?? 0, hostname(), fresh)).toBe(2);
    expect(lockedBy(child.pid ?? 0, hostname(), old)).toBe(0);
    expect(lockedBy(2_147_483_646, hostname(), fresh)).toBe(0);
    expect(lockedBy(5, 'another-machine', fresh)).toBe(2);
    expect(lockedBy(5, 'another-machine', old)).toBe(0);
  });
});
