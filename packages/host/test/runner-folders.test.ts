import { expect, it } from 'vitest';
import { isInside, runnerFolderOf, runnerFolders } from '../src/runner-folders.ts';

const job = { temp: '/r/_work/_temp', workspace: '/r/_work/app/app', toolCache: undefined };

it('finds the runner’s folders from its temp folder', () => {
  expect(runnerFolders(job, () => true)).toEqual({
    work: '/r/_work',
    temp: '/r/_work/_temp',
    tools: '/r/_work/_tool',
    actions: '/r/_work/_actions',
    root: '/r',
  });
});

it('returns no root when the runner is not installed next to _work', () => {
  expect(runnerFolders(job, () => false).root).toBeUndefined();
});

it('uses the workspace when the temp folder is elsewhere, and the given tool cache', () => {
  const folders = runnerFolders({ ...job, temp: '/tmp', toolCache: '/opt/tools' }, () => false);
  expect(folders).toMatchObject({ work: '/r/_work', temp: '/tmp', tools: '/opt/tools' });
});

it.each([
  ['/a/b', '/a', true],
  ['/a', '/a', true],
  ['/a/../b', '/a', false],
  ['/ab', '/a', false],
  ['/a/..b', '/a', true],
  ['/', '/a', false],
])('isInside(%s, %s) is %s', (path, folder, expected) => {
  expect(isInside(path, folder)).toBe(expected);
});

it('returns the innermost runner folder of a path', () => {
  const folders = runnerFolders(job, () => true);
  expect(runnerFolderOf('/r/_work/_temp/x', folders)).toBe('temp');
  expect(runnerFolderOf('/r/_work/app', folders)).toBe('work');
  expect(runnerFolderOf('/r/bin/Runner.Worker', folders)).toBe('root');
  expect(runnerFolderOf('/etc', folders)).toBeUndefined();
});
