import { spawnSync } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { listActions, root } from '../actions.ts';
import { unpackRelease } from '../act/test-bed.ts';
import { areBundlesCommitted } from '../ensure-built.ts';
import { ownName } from '../release/pages.ts';
import { readTemplates } from '../release/workflows.ts';
import type { Sources } from './references.ts';

/** Returns the paths in a release that users can name in `uses`. The empty path is that of the root action. */
export function shippedPaths(): string[] {
  const actions = listActions().flatMap(({ name, parts }) => [
    name,
    ...parts.map((part) => `${name}/${part.name}`),
  ]);
  return ['', ...actions, ...readTemplates(root).map(({ path }) => path)];
}

/**
 * Returns the folders that act uses instead of repositories of GitHub, by `owner/name@ref`: an assembled release for
 * each reference to this project, and stubs.
 */
export function makeRepositories(folder: string, { own, stubs }: Sources): Record<string, string> {
  const found = stubs.map((stub) => [stub, stubOf(stub)] as const);
  if (own.length === 0) return Object.fromEntries(found);
  build();
  const commits = unpackRelease(folder, ownName, 'v1');
  const trees = commits.map((commit) => join(folder, commit));
  // In the source, actions have longer paths. A job may refer to a commit of it.
  for (const tree of trees) symlinkSync('.', join(tree, 'actions'));
  const last = trees.at(-1) ?? '';
  return Object.fromEntries([
    ...found,
    ...commits.map((commit, index) => [`${ownName}@${commit}`, trees[index] ?? ''] as const),
    ...own.map((reference) => [reference, last] as const),
    ...pinnedStubs(last),
  ]);
}

/** Builds the bundles if they are not those of the sources. Its output goes to stderr. */
function build(): void {
  if (areBundlesCommitted(root)) return;
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('The actions could not be built, see above.');
}

function stubOf(reference: string): string {
  const [, name = ''] = /^actions\/([^@]+)@/.exec(reference) ?? [];
  return join(import.meta.dirname, 'stubs', name);
}

/** Returns stubs for the commits of GitHub's actions that the workflows of the release use. */
function pinnedStubs(tree: string): [string, string][] {
  const uses = readTemplates(tree).flatMap(({ text }) => text.match(/\bactions\/[\w-]+@[0-9a-f]{40}/g) ?? []);
  return [...new Set(uses)]
    .map((reference) => [reference, stubOf(reference)] as [string, string])
    .filter(([, path]) => existsSync(path));
}
