import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { commit, git, initialize } from './commits.ts';
import { actionsTree, type Release, type Tree } from './tree.ts';
import { layersOf, readTemplates, workflowOf } from './workflows.ts';

/** Gzipped bytes that the whole archive may have: a runner downloads it for every job. */
export const archiveLimit = 1_000_000;

export interface Assembly {
  /** The commits from the actions to what the tag names. */
  commits: string[];
  /** Gzipped bytes of the archive as GitHub serves it, and of each folder at its top. */
  archive: number;
  folders: Record<string, number>;
}

/**
 * Makes the tree that a tag holds, in a repository of its own in `out`, with the tag: a commit with the actions, then one
 * with the workflows that refer to them, then one with the workflows that refer to those.
 *
 * @param root the source tree, with built bundles
 * @param out a folder that is not there, or empty
 * @throws Error when `out` is in use, or the source refers to what is not there
 */
export function assemble(root: string, out: string, names: Omit<Release, 'source'>): Assembly {
  if (existsSync(out) && readdirSync(out).length > 0) throw new Error(`${out} is not empty.`);
  const release = { ...names, source: git(root, ['rev-parse', 'HEAD']) };
  const date = git(root, ['show', '--no-patch', '--format=%cI', 'HEAD']);
  const origin = `Source: ${release.source}${changed(root) ? ', with local changes' : ''}`;
  const actions = actionsTree(root, release);
  const layers = layersOf(readTemplates(root));
  initialize(out);
  const first = commit(out, actions, `Actions of ${release.ref}\n\n${origin}`, date);
  const commits = [first];
  const named = new Map([['', first]]);
  for (const layer of layers) {
    const files: Tree = new Map(
      layer.map((template) => [template.path, Buffer.from(workflowOf(template, release, actions, named))]),
    );
    const made = commit(out, files, `Workflows of ${release.ref}\n\n${origin}`, date);
    for (const { path } of layer) named.set(path, made);
    commits.push(made);
  }
  git(out, ['tag', release.ref]);
  return { commits, ...sizesOf(out) };
}

/** Bundles are built from what is committed, so a fresh build is no change of the source. */
function changed(root: string): boolean {
  return git(root, ['status', '--porcelain', '--', '.', ':(exclude,glob)actions/*/dist/**']) !== '';
}

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
