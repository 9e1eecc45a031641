// A small source tree for tests of releases.
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commit, initialize } from '../release/git.ts';
import { placeholder } from '../release/workflows.ts';

/** Creates an empty folder. */
export function folder(): string {
  return mkdtempSync(join(tmpdir(), 'release-'));
}

/** Returns all files of a folder, except those in .git folders. */
export function contents(path: string): Map<string, string> {
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((file) => !file.startsWith(join(path, '.git/')))
      .map((file) => [file.slice(path.length + 1), readFileSync(file, 'latin1')]),
  );
}

const call = 'on: { workflow_call: }\njobs: { a: { uses: ';
/** Keys of an `action.yml` that the Marketplace requires. */
export const metadata = 'description: d\nbranding: { icon: moon, color: red }\n';
const files = {
  LICENSE: 'MIT',
  'README.md': 'org/runner-actions/one@v1, [one](actions/one/README.md)',
  'docs/schema/s.json': '{}',
  'actions/one/action.yml': `name: One\n${metadata}runs: { main: dist/main.js, post: dist/post.js }`,
  'actions/one/README.md': 'org/runner-actions/one@v1, [l](../../LICENSE), [p](restore/action.yml), [s](src)',
  'actions/one/CHANGELOG.md': '[page](README.md), [root](../../README.md)',
  'actions/one/package.json': '{ "version": "3.1.0" }',
  'actions/one/src/main.ts': '',
  'actions/one/test/action.yml': 'runs: { main: no.js }',
  'actions/one/dist/main.js': 'main',
  'actions/one/dist/post.js': 'post',
  'actions/one/dist/main.js.map': 'map',
  'actions/one/restore/action.yml': 'runs: { main: ../dist/main.js }',
  'packages/core/package.json': '{ "version": "3.1.0" }',
  '.github/actions/set-up/action.yml': `runs: { steps: [{ uses: org/runner-actions/one@${placeholder} }] }`,
  '.github/actions/set-up/README.md': '[one](../../../actions/one/README.md)',
  '.github/workflows/ci.yml': 'on: push',
  '.github/workflows/inner.yml': `${call}org/runner-actions/one@${placeholder} } }`,
  '.github/workflows/outer.yml': `${call}org/runner-actions/.github/workflows/inner.yml@${placeholder} } }`,
};

/** Creates a repository with a small source tree. @param more files that it has too, or that differ */
export function makeSource(more: Record<string, string> = {}): string {
  const path = folder();
  initialize(path);
  const tree = Object.entries({ ...files, ...more }).map(
    ([name, text]) => [name, Buffer.from(text)] as const,
  );
  commit(path, new Map(tree), 'all', '2026-01-02T03:04:05Z');
  return path;
}

/** The names of a release of the small source tree. */
export const names = { repository: 'acme/ci', ref: 'v3' };
