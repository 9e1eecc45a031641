import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDeadline } from '@runner-actions/core';
import { closeFolder, openFolder } from '@runner-actions/host';
import { expect } from 'vitest';
import { cleanKeptGit, type KeptGitOutcome } from '../../src/items/kept-git-io.ts';
import { type KeptGitPlan, planKeptGit } from '../../src/items/kept-git-plan.ts';

/** A repository with submodules in two levels, and a place for a workspace. */
export interface World {
  top: string;
  workspace: string;
  /** The URL of the repository. */
  url: string;
}

/** Git without the settings of the machine and of the test. Submodules with local URLs are allowed. */
const environment = (top: string): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: top,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: join(top, 'gitconfig'),
  GIT_TERMINAL_PROMPT: '0',
});

/** Runs git. @throws Error if it fails */
export function git({ top }: World, folder: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('git', args, {
    cwd: folder,
    encoding: 'utf8',
    env: environment(top),
  });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout;
}

export function makeWorld(): World {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'kept-git-')));
  const source = (name: string) => join(top, 'source', name);
  const world = { top, workspace: join(top, '_work/app/app'), url: `file://${source('app')}` };
  writeFileSync(
    join(top, 'gitconfig'),
    '[protocol "file"]\nallow = always\n[user]\nname = n\nemail = e\n[init]\ndefaultBranch = main\n' +
      '[uploadpack]\nallowFilter = true\nallowAnySHA1InWant = true\n',
  );
  mkdirSync(world.workspace, { recursive: true });
  for (const [name, submodule, path] of [
    ['nested', undefined, ''],
    ['sub', 'nested', 'deep/nested'],
    ['app', 'sub', 'libs/sub'],
  ] as const) {
    for (const folder of ['in', 'out']) mkdirSync(join(source(name), folder), { recursive: true });
    for (const file of ['file', 'in/file', 'out/file'])
      writeFileSync(join(source(name), file), `${name} ${file}\n`);
    git(world, source(name), 'init', '--quiet');
    if (submodule !== undefined)
      git(world, source(name), 'submodule', '--quiet', 'add', `file://${source(submodule)}`, path);
    git(world, source(name), 'add', '.');
    git(world, source(name), 'commit', '--quiet', '-m', name);
  }
  return world;
}

/** What `actions/checkout` may do. */
export interface Checkout {
  sparse?: boolean;
  submodules?: boolean;
}

/**
 * Runs the commands of `actions/checkout` v7.0.1, in its order. Source: git-source-provider.ts,
 * git-directory-helper.ts.
 * @returns whether it kept the existing `.git`; otherwise it would clone again
 */
export function checkOut(world: World, { sparse = false, submodules = true }: Checkout = {}): boolean {
  const { workspace, url } = world;
  const run = (...args: string[]) => git(world, workspace, ...args);
  const isKept = existsSync(join(workspace, '.git')) && prepare(world, run);
  if (!isKept) {
    run('init', '.');
    run('remote', 'add', 'origin', url);
  }
  run('config', '--local', 'gc.auto', '0');
  const filter = sparse ? ['--filter=blob:none'] : [];
  const fetch = [
    'fetch',
    '--no-tags',
    '--prune',
    '--no-recurse-submodules',
    ...filter,
    '--depth=1',
    'origin',
  ];
  run('-c', 'protocol.version=2', ...fetch, '+refs/heads/main:refs/remotes/origin/main');
  if (sparse) run('sparse-checkout', 'set', 'in');
  else run('sparse-checkout', 'disable');
  run('checkout', '--progress', '--force', '-B', 'main', 'refs/remotes/origin/main');
  if (!submodules) return isKept;
  run('submodule', 'sync', '--recursive');
  run('-c', 'protocol.version=2', 'submodule', 'update', '--init', '--force', '--depth=1', '--recursive');
  run('submodule', 'foreach', '--recursive', 'git config --local gc.auto 0');
  return isKept;
}

function prepare({ workspace, url }: World, run: (...args: string[]) => string): boolean {
  try {
    if (run('config', '--local', '--get', 'remote.origin.url').trim() !== url) return false;
    for (const name of ['index.lock', 'shallow.lock']) rmSync(join(workspace, '.git', name), { force: true });
    if (!isDetached(run)) run('checkout', '--detach');
    for (const branch of run('rev-parse', '--symbolic-full-name', '--branches')
      .trim()
      .split('\n')
      .filter(Boolean))
      run('branch', '--delete', '--force', branch.replace('refs/heads/', ''));
    for (const command of ['submodule status', 'clean -ffdx', 'reset --hard HEAD'])
      run(...command.split(' '));
    return true;
  } catch {
    return false;
  }
}

function isDetached(run: (...args: string[]) => string): boolean {
  try {
    return !run('rev-parse', '--symbolic-full-name', '--verify', '--quiet', 'HEAD').startsWith('refs/heads/');
  } catch {
    return true;
  }
}

/** Makes a checkout. @returns a function that returns a copy of the workspace, as a job leaves it */
export function jobsOf(source: World, options: Checkout = {}): () => World {
  const workspace = mkdtempSync(join(source.top, '_work/job-'));
  checkOut({ ...source, workspace }, options);
  return () => {
    const copy = join(mkdtempSync(join(source.top, '_work/copy-')), 'w');
    cpSync(workspace, copy, { recursive: true });
    return { ...source, workspace: copy };
  };
}

/** Plans and cleans as the clean-up does. Everything else of the workspace is gone. */
export function clean({ workspace }: World): {
  plan: KeptGitPlan;
  outcome: KeptGitOutcome;
  again: KeptGitPlan;
} {
  for (const name of readdirSync(workspace))
    if (name !== '.git') rmSync(join(workspace, name), { recursive: true });
  const folder = openFolder(workspace);
  const deadline = startDeadline(60_000);
  const plan = planKeptGit(folder, deadline);
  const sent = JSON.parse(JSON.stringify(plan)) as KeptGitPlan;
  const outcome = cleanKeptGit(folder, sent, deadline);
  const again = planKeptGit(folder, deadline);
  closeFolder(folder);
  return { plan, outcome, again };
}

/** Every file below a folder with its contents and mode; links with their own. */
export function snapshot(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    names.map((name) => {
      const entry = lstatSync(join(folder, name));
      const contents = entry.isFile() ? readFileSync(join(folder, name), 'latin1') : '';
      return [name, `${entry.mode} ${contents}`];
    }),
  );
}

/** Expects that the next checkout uses the clone and gives a whole workspace. */
export function expectWholeCheckout(world: World, options: Checkout = {}): void {
  expect(checkOut(world, options)).toBe(true);
  expect(git(world, world.workspace, 'status', '--porcelain')).toBe('');
  git(world, world.workspace, 'fsck', '--connectivity-only');
}

/** Leaves programs in `.git`, as a job could. @returns the file that they write when they run */
export function leavePrograms(world: World): string {
  const ran = join(world.top, `ran-${Math.random()}`);
  const program = join(world.top, 'program');
  writeFileSync(program, `#!/bin/sh\necho "$0" >> ${ran}\ncat\n`, { mode: 0o755 });
  mkdirSync(join(world.top, 'hooks'), { recursive: true });
  cpSync(program, join(world.top, 'hooks/post-index-change'));
  writeFileSync(join(world.top, 'included'), `[alias]\nx = !${program}\n[core]\nfsmonitor = ${program}\n`);
  const set = (...pair: string[]) => git(world, world.workspace, 'config', ...pair);
  writeFileSync(join(world.workspace, '.git/info/attributes'), '* filter=evil\n');
  for (const hook of ['post-checkout', 'reference-transaction'])
    cpSync(program, join(world.workspace, '.git/modules/libs/sub/hooks', hook));
  cpSync(program, join(world.workspace, '.git/hooks/post-checkout'));
  set('filter.evil.smudge', program);
  set('include.path', join(world.top, 'included'));
  set('submodule.libs/sub.update', `!${program}`);
  set('core.hooksPath', join(world.top, 'hooks'));
  return ran;
}
