import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  clean,
  expectWholeCheckout,
  git,
  jobsOf,
  leavePrograms,
  makeWorld,
  snapshot,
  type World,
} from './next-checkout.ts';

let source: World;
let afterJob: () => World;

beforeAll(() => {
  source = makeWorld();
  afterJob = jobsOf(source);
});
afterAll(() => {
  rmSync(source.top, { recursive: true });
});

const nothing = { steps: [], residue: [], notes: [], finished: true };

describe('the next checkout of a kept .git', () => {
  it('works with submodules, whose worktrees are gone, after git was killed in each of them, and runs no program that the job left', () => {
    const world = afterJob();
    const ran = leavePrograms(world);
    const locks = ['index.lock', 'shallow.lock', 'config.lock', 'refs/remotes/origin/main.lock', 'HEAD.lock'];
    const inModule = ['index.lock', 'config.lock', 'modules/deep/nested/index.lock'];
    const paths = [...locks, ...inModule.map((path) => `modules/libs/sub/${path}`)];
    for (const path of paths) writeFileSync(join(world.workspace, '.git', path), '');
    const objects = readdirSync(join(world.workspace, '.git/modules/libs/sub/objects'), { recursive: true });
    const { outcome, again } = clean(world);
    for (const path of paths) expect(existsSync(join(world.workspace, '.git', path))).toBe(false);
    rmSync(ran, { force: true });
    expect(outcome.residue).toEqual([]);
    expect(again).toEqual(nothing);
    expectWholeCheckout(world);
    expect(readFileSync(join(world.workspace, 'libs/sub/deep/nested/file'), 'utf8')).toBe('nested file\n');
    expect(existsSync(ran)).toBe(false);
    // The submodules were not cloned again.
    expect(readdirSync(join(world.workspace, '.git/modules/libs/sub/objects'), { recursive: true })).toEqual(
      objects,
    );
  });

  it('changes nothing in what actions/checkout leaves when it works', () => {
    const world = afterJob();
    const before = snapshot(join(world.workspace, '.git'));
    const { outcome } = clean(world);
    expect(outcome).toEqual({ changes: [], residue: [], finished: true });
    expect(snapshot(join(world.workspace, '.git'))).toEqual(before);
  });
});

it('removes every credential from .git, and shows none', () => {
  const world = afterJob();
  const { workspace } = world;
  const secret = 's3cr3t';
  const set = (folder: string, key: string, value: string) =>
    git(world, join(workspace, folder), 'config', key, value);
  for (const folder of ['.', 'libs/sub', 'libs/sub/deep/nested']) {
    set(folder, 'http.https://github.com/.extraheader', `AUTHORIZATION: basic ${secret}`);
    set(folder, `url.https://x:${secret}@github.com/.insteadOf`, 'https://github.com/');
    set(folder, `credential.https://${secret}@github.com.username`, secret);
    set(folder, 'includeIf.gitdir:/x/.git.path', `/runner/_temp/git-credentials-${secret}.config`);
    set(folder, 'remote.other.url', `https://x:${secret}@github.com/o/r`);
  }
  git(world, workspace, 'config', 'extensions.worktreeConfig', 'true');
  git(world, workspace, 'config', '--worktree', 'http.extraheader', secret);
  git(world, workspace, 'config', 'credential.helper', 'store --file=.git/any-name');
  writeFileSync(join(workspace, '.git/config.lock'), secret);
  writeFileSync(join(workspace, '.git/.git-credentials'), `https://x:${secret}@github.com\n`);
  writeFileSync(join(workspace, '.git/any-name'), `https://x:${secret}@github.com\n`);
  chmodSync(join(workspace, '.git/config'), 0o640);
  const held = () => JSON.stringify(snapshot(join(workspace, '.git'))).split(secret).length - 1;
  expect(held()).toBeGreaterThan(15);
  const { plan, outcome } = clean(world);
  expect(held()).toBe(0);
  expect(JSON.stringify([plan, outcome])).not.toContain(secret);
  expect(lstatSync(join(workspace, '.git/config')).mode & 0o777).toBe(0o640);
});
