import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { commit, git, initialize } from './git.ts';
import { actionsTree, type Release, type Tree } from './tree.ts';
import { layersOf, readTemplates, fillTemplate } from './workflows.ts';

/** Maximum size of the archive, in gzipped bytes. A runner downloads the archive for every job. */
export const archiveLimit = 1_000_000;

export interface Assembly {
  /** Hashes of the commits, from the actions to the one that the tag names. */
  commits: string[];
  /** Gzipped bytes of the archive as GitHub serves it. */
  archive: number;
  /** Gzipped bytes of each file and folder at the top level. */
  folders: Record<string, number>;
}

/**
 * Creates a repository with a release and its tag. It has one commit with the actions, one with the workflows that
 * refer to actions, and one with the workflows that refer to those workflows.
 *
 * @param root the source tree, with built bundles
 * @param out the folder for the repository, which must be empty or not exist
 * @throws Error if `out` is not empty, or if the source refers to a file that does not exist
 */
export function assemble(root: string, out: string, names: Omit<Release, 'source'>): Assembly {
  if (existsSync(out) && readdirSync(out).length > 0)
    throw new Error(`${out} is not empty. Name an empty or a new folder.`);
  const release = { ...names, source: git(root, ['rev-parse', 'HEAD']) };
  const date = git(root, ['show', '--no-patch', '--format=%cI', 'HEAD']);
  const origin = `Source: ${release.source}${hasLocalChanges(root) ? ', with local changes' : ''}`;
  const actions = actionsTree(root, release);
  const layers = layersOf(readTemplates(root));
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
  git(out, ['tag', release.ref]);
  return { commits, ...sizesOf(out) };
}

/**
 * Returns whether the source differs from its commit. Bundles are ignored: a fresh build does not change the source.
 */
function hasLocalChanges(root: string): boolean {
  return git(root, ['status', '--porcelain', '--', '.', ':(exclude,glob)actions/*/dist/**']) !== '';
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
  const archive = execFileSync('git', ['archive', '--format=tar', 'HEAD', ...paths], {
    cwd: out,
    maxBuffer: 256 * 1024 * 1024,
  });
  return gzipSync(archive).length;
}
