import { mkdirSync, mkdtempSync, realpathSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJob } from '@runner-actions/core';
import { expect, it } from 'vitest';
import { closePlace, openPlace } from '../src/workspace.ts';

/** Creates a runner's folder. */
function makeRunner() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'runner-')));
  const folders = [
    'app/app/deep',
    '_temp',
    '_tool/node/24',
    '_actions/org/action',
    'other/other',
    '.trash/a',
  ];
  for (const path of folders) mkdirSync(join(folder, '_work', path), { recursive: true });
  for (const path of ['home/a/b', 'tmp']) mkdirSync(join(folder, path), { recursive: true });
  return folder;
}

const open = (folder: string, change: Record<string, string> = {}) => {
  const place = openPlace(
    readJob({
      HOME: join(folder, 'home'),
      GITHUB_WORKSPACE: join(folder, '_work/app/app'),
      RUNNER_TEMP: join(folder, '_work/_temp'),
      RUNNER_TOOL_CACHE: join(folder, '_work/_tool'),
      ...Object.fromEntries(Object.entries(change).map(([name, path]) => [name, join(folder, path)])),
    }),
  );
  closePlace(place);
  return place.workspace.path;
};

it('opens the workspace two levels below the work folder, also through a link to the work folder', () => {
  const folder = makeRunner();
  expect(open(folder)).toBe(join(folder, '_work/app/app'));
  symlinkSync('_work', join(folder, 'link'));
  const through = { GITHUB_WORKSPACE: 'link/app/app', RUNNER_TEMP: 'link/_temp' };
  expect(open(folder, through)).toBe(join(folder, '_work/app/app'));
  const elsewhere = { GITHUB_WORKSPACE: '_work/app/app', RUNNER_TEMP: '_work/some/tmp' };
  expect(open(folder, elsewhere)).toBe(join(folder, '_work/app/app'));
});

it.each([
  [
    'a workspace one level below the work folder',
    { GITHUB_WORKSPACE: '_work/app' },
    /not a repository's folder/,
  ],
  [
    'a workspace three levels below the work folder',
    { GITHUB_WORKSPACE: '_work/app/app/deep' },
    /not a repository's folder/,
  ],
  ['a workspace in the tool cache', { GITHUB_WORKSPACE: '_work/_tool/node' }, /not a repository's folder/],
  [
    'a workspace in the folder of actions',
    { GITHUB_WORKSPACE: '_work/_actions/org' },
    /not a repository's folder/,
  ],
  ['a workspace in the trash', { GITHUB_WORKSPACE: '_work/.trash/a' }, /not a repository's folder/],
  [
    'a workspace outside of the work folder',
    { GITHUB_WORKSPACE: 'home/a/b' },
    /not in the runner's work folder/,
  ],
  [
    'a workspace and a temp folder outside of the work folder',
    { GITHUB_WORKSPACE: 'home/a/b', RUNNER_TEMP: 'tmp' },
    /RUNNER_TEMP .* not in the same/,
  ],
  [
    'a workspace that RUNNER_WORKSPACE contradicts',
    { RUNNER_WORKSPACE: '_work/other' },
    /RUNNER_WORKSPACE is/,
  ],
  ['a workspace that contains the home directory', { HOME: '_work/app/app/deep' }, /deep lies in it/],
  [
    'a workspace that contains the tool cache',
    { RUNNER_TOOL_CACHE: '_work/app/app/deep' },
    /deep lies in it/,
  ],
])('refuses %s', (_what, change, message) => {
  expect(() => open(makeRunner(), change as Record<string, string>)).toThrow(message);
});

it('refuses a workspace that contains the home directory through a link', () => {
  const folder = makeRunner();
  symlinkSync('_work/app/app/deep', join(folder, 'home-link'));
  expect(() => open(folder, { HOME: 'home-link' })).toThrow(/deep lies in it/);
});
