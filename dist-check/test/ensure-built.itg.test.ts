import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../actions.ts';
import { areBundlesCommitted } from '../ensure-built.ts';

const files = [
  ...['package-lock.json', 'dist-check/build.ts', 'actions/a/README.md', 'actions/a/src/main.ts'],
  ...[
    'actions/a/src/more.ts',
    'actions/a/dist/index.js',
    'packages/p/src/index.ts',
    'packages/testing/src/x.ts',
  ],
];

/** Creates a repository whose last commit contains bundles and their sources. */
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
  const author = ['-c', 'user.name=n', '-c', 'user.email=n@example.org'];
  execFileSync('git', ['add', '--all'], { cwd: folder });
  execFileSync('git', [...author, 'commit', '--quiet', '--message', 'm'], { cwd: folder });
}

const add = (path: string) => (folder: string) => appendFileSync(join(folder, path), 'two\n');

it.each<[string, (folder: string) => void]>([
  ['nothing changed', () => {}],
  ['a page changed', add('actions/a/README.md')],
  ['a testing package changed', add('packages/testing/src/x.ts')],
  [
    'a changed source is the same as in origin/HEAD',
    (folder) => {
      add('actions/a/src/main.ts')(folder);
      commit(folder);
      execFileSync('git', ['update-ref', 'refs/remotes/origin/HEAD', 'HEAD'], { cwd: folder });
    },
  ],
])('uses the committed bundles when %s', (_what, change) => {
  const folder = makeRepository();
  change(folder);
  expect(areBundlesCommitted(folder)).toBe(true);
});

it.each<[string, (folder: string) => void]>([
  ['a source changed', add('actions/a/src/main.ts')],
  ['a source is new', add('actions/a/src/new.ts')],
  ['a source was deleted', (folder) => rmSync(join(folder, 'actions/a/src/more.ts'))],
  ['a package changed', add('packages/p/src/index.ts')],
  ['the build script changed', add('dist-check/build.ts')],
  ['a dependency changed', add('package-lock.json')],
  ['a bundle changed', add('actions/a/dist/index.js')],
  ['a bundle was deleted', (folder) => rmSync(join(folder, 'actions/a/dist'), { recursive: true })],
  ['the folder is not a git repository', (folder) => renameSync(join(folder, '.git'), join(folder, 'git'))],
  [
    'a source was committed without its bundle',
    (folder) => {
      add('actions/a/src/main.ts')(folder);
      commit(folder);
    },
  ],
])('builds the bundles when %s', (_what, change) => {
  const folder = makeRepository();
  change(folder);
  expect(areBundlesCommitted(folder)).toBe(false);
});
