// Checks which bundles turborepo builds again after a change. turborepo only reads the inputs that turbo.json names.
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { listActions, root } from '../actions.ts';

const turbo = join(createRequire(import.meta.url).resolve('turbo/package.json'), '../bin/turbo');
const all = listActions().map(({ name }) => name);
let copy = '';
let before: Record<string, string> = {};

/** Returns, for each action, turborepo's hash of all inputs of its bundle. */
function hashes(): Record<string, string> {
  const args = [turbo, 'run', 'build', '--dry=json', '--filter=./actions/*'];
  const plan = execFileSync(process.execPath, args, { cwd: copy, encoding: 'utf8', stdio: 'pipe' });
  const { tasks } = JSON.parse(plan) as { tasks: { task: string; directory: string; hash: string }[] };
  const builds = tasks.filter(({ task, directory }) => task === 'build' && directory.startsWith('actions/'));
  return Object.fromEntries(builds.map(({ directory, hash }) => [directory.slice('actions/'.length), hash]));
}

/** Returns the path of a script and of all files that it imports by a relative path, directly or indirectly. */
function withImports(path: string): string[] {
  const found = readFileSync(join(root, path), 'utf8').matchAll(/from '(\.[^']+)'/g);
  const imported = [...found].map(([, name = '']) => relative(root, join(root, dirname(path), name)));
  return [path, ...imported.flatMap(withImports)];
}

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'build-inputs-'));
  for (const name of ['actions', 'packages', 'dist-check', 'package.json', 'package-lock.json'])
    cpSync(join(root, name), join(copy, name), {
      recursive: true,
      filter: (path) => !/[/](?:dist|node_modules|\.turbo|test|fixtures)$/.test(path),
    });
  for (const name of ['turbo.json', 'tsconfig.json']) cpSync(join(root, name), join(copy, name));
  before = hashes();
});

const changes: [string, string[]][] = [
  ...[...new Set(withImports('dist-check/build.ts'))].map((path): [string, string[]] => [path, all]),
  ['tsconfig.json', all],
  ['package-lock.json', all],
  ['packages/core/src/step.ts', all],
  ['packages/store/src/index.ts', ['cleanup-workspace', 'restore-local-cache']],
  ['packages/testing/src/index.ts', []],
  ['actions/select-runner/src/main.ts', ['select-runner']],
  ['actions/select-runner/package.json', ['select-runner']],
  ['actions/select-runner/README.md', []],
];

it.each(changes)('a change of %s rebuilds the bundles %j', (path, expected) => {
  appendFileSync(join(copy, path), '\n');
  const after = hashes();
  expect(all.filter((name) => after[name] !== before[name])).toEqual(expected);
  before = after;
});
