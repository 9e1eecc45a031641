import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { create } from '@actions/glob';
import { expect, it } from 'vitest';
import { keepByGlobs } from '../src/keep.ts';

const files = [
  ...['.git/config', '.git/objects/a', 'a/b/c.log', 'a/b/.hidden', 'a/x', 'b.log', 'node_modules/.cache/x'],
  ...['node_modules/p/index.js', '{a,b}/file', '[ab]', 'none', '.env', '..odd', 'with space/f', 'z/[1]/f'],
];

const root = realpathSync(mkdtempSync(join(tmpdir(), 'globs-')));
for (const file of files) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), '');
}

it.each([
  [['**']],
  [['*']],
  [['.git']],
  [['.git/']],
  [['.git/**']],
  [['.git/*']],
  [['*.log']],
  [['**/*.log']],
  [['**/.*']],
  [['a/**/c.log']],
  [['a/?']],
  [['?']],
  [['[ab]']],
  [['[[]ab]']],
  [['z/[[]1]/f']],
  [['./none']],
  [['a//b']],
  [['with space']],
  [['node_modules', '!node_modules/.cache']],
  [['node_modules', '!node_modules/.cache', 'node_modules/.cache/x']],
  [['**', '!**/*.log', '!.git']],
  [['!a', 'a/b']],
])('keeps the files that @actions/glob finds with %j', async (globs) => {
  const patterns = globs.map((glob) => glob.replace(/^(!?)(\.\/)?/, `$1${root}/`));
  const found = (await (await create(patterns.join('\n'))).glob()).map((path) => relative(root, path));
  const keep = keepByGlobs(globs);
  expect(files.filter((file) => keep(file, false) === 'keep')).toEqual(
    files.filter((file) => found.includes(file)),
  );
});
