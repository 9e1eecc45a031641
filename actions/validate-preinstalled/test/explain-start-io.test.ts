import { expect, it } from 'vitest';
import { adviceForWindowsScript } from '../src/tools/explain-start-io.ts';

it.each([
  ['a tool of Windows that WSL shows', '/mnt/c/Program Files/nodejs/npm', 'install the tool in Linux'],
  ['a script of another folder', '/mnt/cache/bin/npm', 'line ends of Unix'],
])('says for %s what to do', (_, path, advice) => {
  expect(adviceForWindowsScript(path)).toContain(advice);
});
