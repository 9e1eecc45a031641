import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../actions.ts';
import { areCommitted } from '../ensure-built.ts';

const files = [
  ...['package-lock.json', 'dist-check/build.ts', 'actions/a/README.md', 'actions/a/src/main.ts'],
  ...[
    'actions/a/src/more.ts',
    'actions/a/dist/index.js',
    'packages/p/src/index.ts',
    'packages/testing/src/x.ts',
  ],
];

/** A repository whose last commit has bundles and what they are built from. */
function makeRepository(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ensure-built-'));
  for (const path of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), 'one\n');
  }
  cpSync(join(root, 'turbo.json'), join(folder, 'turbo.json'));
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  commit(folder);
  return folder;
}

function commit(folder: string): void {
  const person = ['-c', 'user.name=n', '-c', 'user.email=n@example.org'];
  execFileSync('git', ['add', '--all'], { cwd: folder });
  execFileSync('git', [...person, 'commit', '--quiet', '--message', 'm'], { cwd: folder });
}

const add = (path: string) => (folder: string) => appendFileSync(join(folder, path), 'two\n');

it.each<[string, (folder: string) => void]>([
  ['nothing changed', () => {}],
  ['a page changed', add('actions/a/README.md')],
  ['tests got another helper', add('packages/testing/src/x.ts')],
  [
    'a source is as published',
    (folder) => {
      add('actions/a/src/main.ts')(folder);
      commit(folder);
      execFileSync('git', ['update-ref', 'refs/remotes/origin/HEAD', 'HEAD'], { cwd: folder });
    },
  ],
])('committed bundles are taken where %s', (_what, change) => {
  const folder = makeRepository();
  change(folder);
  expect(areCommitted(folder)).toBe(true);
});

it.each<[string, (folder: string) => void]>([
  ['a source changed', add('actions/a/src/main.ts')],
  ['a source is new', add('actions/a/src/new.ts')],
  ['a source is gone', (folder) => rmSync(join(folder, 'actions/a/src/more.ts'))],
  ['a package changed', add('packages/p/src/index.ts')],
  ['what builds changed', add('dist-check/build.ts')],
  ['a dependency changed', add('package-lock.json')],
  ['a bundle is another', add('actions/a/dist/index.js')],
  ['a bundle is gone', (folder) => rmSync(join(folder, 'actions/a/dist'), { recursive: true })],
  ['there is no git', (folder) => renameSync(join(folder, '.git'), join(folder, 'git'))],
  [
    'a source was committed alone',
    (folder) => {
      add('actions/a/src/main.ts')(folder);
      commit(folder);
    },
  ],
])('bundles are built where %s', (_what, change) => {
  const folder = makeRepository();
  change(folder);
  expect(areCommitted(folder)).toBe(false);
});
