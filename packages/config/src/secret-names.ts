import { isOwnFile } from './files.ts';
import { describePath, type Position } from './problem.ts';
import { type Tree, toValue, treeAt } from './tree.ts';

/** Keys that name a variable with a secret, each with the key beside it that says where the secret is sent. */
const secretKeys = [{ section: 'pools', name: 'metrics-token-env', destination: 'metrics-url' }] as const;

/** A job's environment has more secrets than ours to use: the token of its run, of its caches, of its identity. */
const prefix = 'RUNNER_ACTIONS_SECRET_';

/** A value that does not count, its place, and what to do about it, in whole sentences. */
export interface Ignored extends Position {
  message: string;
}

/**
 * The tree without the names of secrets that do not count. Who chooses where a secret is sent never chooses the secret: it is
 * named by our own prefix, and both the name and the destination stand in files of this repository. Whoever may change
 * another repository would else have the tokens of each job that builds on its configuration.
 */
export function withoutIgnoredSecrets(tree: Tree): { tree: Tree; ignored: Ignored[] } {
  const found = secretKeys.flatMap(({ section, name, destination }) => {
    const parts = treeAt(tree, [section]);
    if (parts?.kind !== 'branch') return [];
    return [...parts.entries.keys()].flatMap((part) => {
      const path = [section, part, name];
      const leaf = treeAt(tree, path);
      const why =
        leaf === undefined
          ? undefined
          : whyIgnored(leaf, treeAt(tree, [section, part, destination]), destination);
      return leaf === undefined || why === undefined ? [] : [{ path, leaf, why }];
    });
  });
  return {
    tree: found.reduce((left, { path }) => without(left, path), tree),
    ignored: found.map(({ path, leaf, why }) => ({
      ...leaf.origin.value,
      message: `${describePath(path)} is ignored: ${why}`,
    })),
  };
}

function whyIgnored(name: Tree, destination: Tree | undefined, key: string): string | undefined {
  const variable = String(toValue(name));
  const foreign = [name, destination].find(
    (tree) => tree !== undefined && !isOwnFile(tree.origin.value.file),
  );
  if (foreign === name)
    return `a file of another repository names no secret of this one. Name it in a file of this repository, beside ${key}.`;
  if (foreign !== undefined)
    return `${key} comes from ${foreign.origin.value.file}, and no secret is sent where another repository says. Give both in a file of this repository.`;
  if (variable.startsWith(prefix)) return undefined;
  return `no variable is sent anywhere but those whose names begin with ${prefix}. Name it ${prefix}${variable}, in the step's env and in this file.`;
}

function without(tree: Tree, [step, ...rest]: readonly string[]): Tree {
  if (tree.kind !== 'branch' || step === undefined) return tree;
  const entries = new Map(tree.entries);
  const next = entries.get(step);
  if (rest.length === 0 || next === undefined) entries.delete(step);
  else entries.set(step, without(next, rest));
  return { ...tree, entries };
}
