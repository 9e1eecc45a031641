import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/items/git-config.ts';
import {
  checkOut,
  clean,
  expectWholeCheckout,
  git,
  jobsOf,
  leavePrograms,
  makeWorld,
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

describe('the next checkout of a kept .git', () => {
  it('fails with a lock that stays, so that the test above can fail', () => {
    const world = afterJob();
    clean(world);
    writeFileSync(join(world.workspace, '.git/modules/libs/sub/index.lock'), '');
    expect(() => checkOut(world)).toThrow('index.lock');
  });

  it('works with a detached HEAD, and with a kept submodule without the link to its worktree', () => {
    const world = afterJob();
    git(world, world.workspace, 'checkout', '--quiet', '--detach');
    git(world, join(world.workspace, 'libs/sub'), 'config', 'core.worktree', '/elsewhere');
    const { plan } = clean(world);
    expect(plan.steps.map(({ what }) => what)).toEqual(['.git/modules/libs/sub/config']);
    expectWholeCheckout(world);
  });

  it('works with a sparse and partial clone, which stays sparse and partial', () => {
    const world = jobsOf(source, { sparse: true, submodules: false })();
    git(world, world.workspace, 'config', 'core.fsmonitor', 'run');
    clean(world);
    expect(git(world, world.workspace, 'config', 'remote.origin.promisor')).toBe('true\n');
    git(world, world.workspace, 'reset', '--quiet', '--hard');
    expect(existsSync(join(world.workspace, 'in/file'))).toBe(true);
    expect(existsSync(join(world.workspace, 'out/file'))).toBe(false);
    expectWholeCheckout(world, { sparse: true, submodules: false });
  });

  it('uses the clone again although its URL had a token', () => {
    const world = { ...afterJob(), url: 'https://git.example/o/r' };
    const { workspace } = world;
    git(world, workspace, 'remote', 'set-url', 'origin', 'https://x:s3cr3t@git.example/o/r');
    clean(world);
    expect(git(world, workspace, 'config', '--get', 'remote.origin.url').trim()).toBe(world.url);
  });
  it('would run the programs of the last job without the clean-up: actions/checkout does not prevent it', () => {
    const world = afterJob();
    const ran = leavePrograms(world);
    rmSync(ran, { force: true });
    checkOut(world, { submodules: false });
    expect(readFileSync(ran, 'utf8')).toContain('program');
  });

  it('does not run a hook of another repository that .git names', () => {
    const world = afterJob();
    const other = join(world.top, 'other');
    cpSync(join(world.workspace, '.git'), other, { recursive: true });
    writeFileSync(join(other, 'hooks/post-checkout'), `#!/bin/sh\ntouch ${world.top}/ran-other\n`, {
      mode: 0o755,
    });
    writeFileSync(join(world.workspace, '.git/commondir'), other);
    clean(world);
    expectWholeCheckout(world);
    expect(existsSync(join(world.top, 'ran-other'))).toBe(false);
  });
});

it('reads settings as git does', () => {
  const list = (text: string): string | undefined => {
    const { status, stdout } = spawnSync('git', ['config', '--file', '-', '--null', '--list'], {
      input: Buffer.from(text, 'latin1'),
      encoding: 'latin1',
    });
    return status === 0 ? stdout : undefined;
  };
  const parts = [
    '[core]',
    '[a "b\\"c"] ',
    '[x.Y]',
    '\n',
    '\r\n',
    ' ',
    'k',
    ' = ',
    'v',
    '"',
    '\\',
    '\\n',
    '#',
    ';',
    '\t',
    '\u00e9',
  ];
  // The same texts in each run.
  let seed = 7;
  const random = (below: number) => (seed = (seed * 16_807) % 2_147_483_647) % below;
  let valid = 0;
  for (let run = 0; run < 600; run += 1) {
    const text = `[s]\n${Array.from({ length: random(9) }, () => parts[random(parts.length)]).join('')}`;
    const found = readBack(text);
    expect([text, found]).toEqual([text, list(text)]);
    valid += found === undefined ? 0 : 1;
  }
  expect(valid).toBeGreaterThan(150);
});

/** Formats settings as `git config --null --list` does. */
function readBack(text: string): string | undefined {
  const entries = parseConfig(text)?.entries;
  return entries?.map(({ name, value }) => `${name}${value === undefined ? '' : `\n${value}`}\0`).join('');
}
