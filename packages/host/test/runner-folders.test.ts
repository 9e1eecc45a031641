import { expect, it } from 'vitest';
import { isInside, runnerFolderOf, runnerFolders } from '../src/runner-folders.ts';

const job = { temp: '/r/_work/_temp', workspace: '/r/_work/app/app', toolCache: undefined };

it('finds the folders from the temporary one', () => {
  expect(runnerFolders(job, () => true)).toEqual({
    work: '/r/_work',
    temp: '/r/_work/_temp',
    tools: '/r/_work/_tool',
    actions: '/r/_work/_actions',
    root: '/r',
  });
});

it('knows no root where the runner is not found beside _work', () => {
  expect(runnerFolders(job, () => false).root).toBeUndefined();
});

it('uses the workspace when the temporary folder is elsewhere, and the tool cache that is named', () => {
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
])('says whether %s is inside %s', (path, folder, expected) => {
  expect(isInside(path, folder)).toBe(expected);
});

it('names the innermost folder', () => {
  const folders = runnerFolders(job, () => true);
  expect(runnerFolderOf('/r/_work/_temp/x', folders)).toBe('temp');
  expect(runnerFolderOf('/r/_work/app', folders)).toBe('work');
  expect(runnerFolderOf('/r/bin/Runner.Worker', folders)).toBe('root');
  expect(runnerFolderOf('/etc', folders)).toBeUndefined();
});
