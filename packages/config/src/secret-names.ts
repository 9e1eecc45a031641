import { isOwnFile } from './files.ts';
import { describePath, type Position } from './problem.ts';
import { type Tree, toValue, treeAt } from './tree.ts';

/**
 * Keys that name an environment variable with a secret, each with the key that holds the destination of the secret. `*` is
 * every key of a map. The address of the webhook is itself the secret, so it has no destination.
 */
const secretKeys: readonly { at: readonly string[]; name: string; destination?: string }[] = [
  { at: ['pools', '*'], name: 'metrics-token-env', destination: 'metrics-url' },
  { at: ['fleet', 'alerts'], name: 'webhook' },
  { at: ['fleet', 'alerts'], name: 'signing-key', destination: 'webhook' },
];

/**
 * The required prefix. A job's environment also contains other secrets: the tokens of its run, its caches and its
 * identity.
 */
const prefix = 'RUNNER_ACTIONS_SECRET_';

/** An ignored value: its position, and a message that says why it is ignored and what to do. */
export interface Ignored extends Position {
  message: string;
}

/**
 * Removes names of secrets that must be ignored from the tree. A name counts only if it starts with the prefix, and
 * if the name and the destination both come from files of this repository. Otherwise everybody who can change another
 * repository could get the tokens of every job that extends its configuration.
 */
export function withoutIgnoredSecrets(tree: Tree): { tree: Tree; ignored: Ignored[] } {
  const found = secretKeys.flatMap(({ at, name, destination }) =>
    placesOf(tree, at).flatMap((place) => {
      const path = [...place, name];
      const leaf = treeAt(tree, path);
      if (leaf === undefined || leaf.kind === 'deleted') return [];
      const target = destination === undefined ? undefined : treeAt(tree, [...place, destination]);
      const why = whyIgnored(leaf, target, destination);
      return why === undefined ? [] : [{ path, leaf, why }];
    }),
  );
  return {
    tree: found.reduce((left, { path }) => without(left, path), tree),
    ignored: found.map(({ path, leaf, why }) => ({
      ...leaf.origin.value,
      message: `${describePath(path)} is ignored: ${why}`,
    })),
  };
}

/** Returns the paths that a pattern with `*` stands for. */
function placesOf(tree: Tree, pattern: readonly string[]): string[][] {
  return pattern.reduce<string[][]>(
    (places, step) =>
      places.flatMap((place) => {
        if (step !== '*') return [[...place, step]];
        const parent = treeAt(tree, place);
        return parent?.kind === 'branch' ? [...parent.entries.keys()].map((key) => [...place, key]) : [];
      }),
    [[]],
  );
}

function whyIgnored(name: Tree, destination: Tree | undefined, key: string | undefined): string | undefined {
  const variable = String(toValue(name));
  const foreign = [name, destination].find(
    (tree) => tree !== undefined && !isOwnFile(tree.origin.value.file),
  );
  if (foreign === name)
    return `a file of another repository must not name a secret of this one. Name it in a file of this repository${key === undefined ? '' : `, next to ${key}`}.`;
  if (foreign !== undefined)
    return `${key} comes from ${foreign.origin.value.file}, and no secret is sent to a destination that another repository sets. Set both in a file of this repository.`;
  if (variable.startsWith(prefix)) return undefined;
  return `only variables whose names begin with ${prefix} are sent. Rename it to ${prefix}${variable}, in the step's env and in this file.`;
}

function without(tree: Tree, [step, ...rest]: readonly string[]): Tree {
  if (tree.kind !== 'branch' || step === undefined) return tree;
  const entries = new Map(tree.entries);
  const next = entries.get(step);
  if (rest.length === 0 || next === undefined) entries.delete(step);
  else entries.set(step, without(next, rest));
  return { ...tree, entries };
}
