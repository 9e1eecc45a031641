import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { addCli } from './cli-tree.ts';
import { commit, git, gitBytes, initialize } from './git.ts';
import { marketplaceProblems } from './marketplace.ts';
import { actionNames, actionsTree, mirrorTree, type Release, type Tree } from './tree.ts';
import { readVersion, tagsOf } from './version.ts';
import { layersOf, readRootAction, readTemplates, fillTemplate } from './workflows.ts';

/** Maximum size of the archive, in gzipped bytes. A runner downloads the archive for every job. */
export const archiveLimit = 1_100_000;

/** The names that users write in `uses`. */
export type Names = Pick<Release, 'repository' | 'ref'>;

export interface Assembly {
  /** Hashes of the commits, from the actions to the one that the tags name. */
  commits: string[];
  /** The tag that stays, and the one that moves with each release. */
  tags: string[];
  /** Hash of the commit with the command; `undefined` if the source has none. */
  cli: string | undefined;
  /** Gzipped bytes of the archive as GitHub serves it. */
  archive: number;
  /** Gzipped bytes of each file and folder at the top level. */
  folders: Record<string, number>;
}

/**
 * Creates a repository with a release and its tags. It has one commit with the actions, one with the workflows and the
 * root action that refer to actions, and one with the workflows that refer to those workflows. The command has a commit
 * and tags of its own.
 *
 * @param root the source tree, with built bundles
 * @param out the folder for the repository, which must be empty or not exist
 * @throws Error if `out` is not empty, if the source refers to a file that does not exist, or if the tag does not fit
 *   the version
 */
export function assemble(root: string, out: string, names: Names): Assembly {
  const prepared = prepare(root, out, names);
  const { release, tags, date, origin } = prepared;
  const actions = actionsTree(root, release);
  const layers = layersOf([readRootAction(root), ...readTemplates(root)]);
  initialize(out);
  const first = commit(out, actions, `Actions of ${release.ref}\n\n${origin}`, date);
  const commits = [first];
  const named = new Map([['', first]]);
  for (const layer of layers) {
    const files: Tree = new Map(
      layer.map((template) => [template.path, Buffer.from(fillTemplate(template, release, actions, named))]),
    );
    const made = commit(out, files, `Workflows of ${release.ref}\n\n${origin}`, date);
    for (const { path } of layer) named.set(path, made);
    commits.push(made);
  }
  for (const tag of tags) git(out, ['tag', tag]);
  return { commits, tags, cli: addCli(root, out, prepared), ...sizesOf(out) };
}

/**
 * Creates one repository for each action, with its tags, in a folder with the repository's name.
 *
 * @param names those of the main release, to which the pages link. The repositories have the same owner.
 * @param prefix begins the name of each repository
 * @returns the commit of each repository, by its `owner/name`
 * @throws Error as `assemble` does, or if the Marketplace would reject an action. Then nothing is written.
 */
export function assembleMirrors(
  root: string,
  out: string,
  names: Names,
  prefix = '',
): Record<string, string> {
  const { release, tags, date, origin } = prepare(root, out, names);
  const [owner] = release.repository.split('/');
  const mirrors = actionNames(root).map((name) => {
    const mirror = { name, repository: `${owner}/${prefix}${name}` };
    return { ...mirror, tree: mirrorTree(root, { ...release, mirror }) };
  });
  const problems = marketplaceProblems(new Map(mirrors.map(({ repository, tree }) => [repository, tree])));
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return Object.fromEntries(
    mirrors.map(({ name, repository, tree }) => {
      const folder = join(out, `${prefix}${name}`);
      initialize(folder);
      const made = commit(folder, tree, `${name} of ${release.ref}\n\n${origin}`, date);
      for (const tag of tags) git(folder, ['tag', tag]);
      return [repository, made];
    }),
  );
}

function prepare(root: string, out: string, names: Names) {
  if (existsSync(out) && readdirSync(out).length > 0)
    throw new Error(`${out} is not empty. Name an empty or a new folder.`);
  // It would be a part of the next release.
  if (relative(root, out).split(sep)[0] !== '..')
    throw new Error(`${out} is inside of the source. Name a folder outside of ${root}.`);
  const release: Release = { ...names, source: git(root, ['rev-parse', 'HEAD']) };
  return {
    release,
    tags: tagsOf(readVersion(root), release.ref),
    date: git(root, ['show', '--no-patch', '--format=%cI', 'HEAD']),
    origin: `Source: ${release.source}${localChanges(root).length > 0 ? ', with local changes' : ''}`,
  };
}

/**
 * Returns the files of the source that differ from its commit, as `git status` shows them. Bundles are ignored: a fresh
 * build does not change the source.
 */
export function localChanges(root: string): string[] {
  const args = ['--porcelain', '--untracked-files=all', '--', '.', ':(exclude,glob)actions/*/dist/**'];
  return git(root, ['status', ...args])
    .split('\n')
    .filter(Boolean);
}

/** Returns the gzipped sizes of the archive and of its top-level entries. */
function sizesOf(out: string): Pick<Assembly, 'archive' | 'folders'> {
  const names = git(out, ['ls-tree', '--name-only', 'HEAD']).split('\n');
  return {
    archive: gzipped(out, []),
    folders: Object.fromEntries(names.map((name) => [name, gzipped(out, [name])])),
  };
}

function gzipped(out: string, paths: string[]): number {
  return gzipSync(gitBytes(out, ['archive', '--format=tar', 'HEAD', ...paths])).length;
}
