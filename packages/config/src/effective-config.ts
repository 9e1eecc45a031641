import type { Position, Problem } from './problem.ts';
import { closestName } from './problem.ts';
import { checkSemantics } from './semantic-checks.ts';
import { type Config, configSchema } from './schema/config.ts';
import { type Ignored, withoutIgnoredSecrets } from './secret-names.ts';
import { merge, type Tree, toDocument, treeAt } from './tree.ts';
import { validate } from './validate.ts';

/** The effective configuration: all files merged and the environment applied. */
export interface EffectiveConfig {
  config: Config;
  /** The merged tree, used for printing and for the origin of each value. */
  tree: Tree;
  /** Returns the position of the value at `path`, such as `['cache', 'root']`; `undefined` if no file sets it. */
  originOf(path: readonly (string | number)[]): Position | undefined;
  /** Values in the files that are ignored. They are left out of `config` and `tree`. */
  ignored: readonly Ignored[];
}

export type Resolution =
  { ok: true; effective: EffectiveConfig } | { ok: false; problems: readonly Problem[] };

/** Merges the trees and applies the environment on top. Later trees override earlier ones. */
export function resolveTrees(trees: readonly Tree[], environment: string | undefined): Resolution {
  const all = trees.reduce<Tree>(merge, empty);
  const tree = takeOut(all, ['version', 'extends', 'environments']);
  if (environment === undefined) return check(tree);
  const override = treeAt(all, ['environments', environment]);
  if (override === undefined) return { ok: false, problems: [unknownEnvironment(all, environment)] };
  return check(merge(tree, override));
}

/** Returns the names of the environments that the trees declare. */
export function environmentsOf(trees: readonly Tree[]): string[] {
  const found = treeAt(trees.reduce<Tree>(merge, empty), ['environments']);
  if (found?.kind !== 'branch') return [];
  return [...found.entries].filter(([, { kind }]) => kind !== 'deleted').map(([name]) => name);
}

const nowhere: Position = { file: '', line: 1, column: 1 };
const empty: Tree = {
  kind: 'branch',
  entries: new Map(),
  replaces: false,
  origin: { key: nowhere, value: nowhere },
};

function check(tree: Tree): Resolution {
  const written = read(tree);
  if (!written.ok) return written;
  const { tree: kept, ignored } = withoutIgnoredSecrets(tree);
  const counting = ignored.length === 0 ? written : read(kept);
  if (!counting.ok) return counting;
  const { config } = counting;
  return { ok: true, effective: { config, tree: kept, originOf: (path) => originOf(kept, path), ignored } };
}

function read(tree: Tree): { ok: true; config: Config } | { ok: false; problems: readonly Problem[] } {
  const document = toDocument(tree, tree.origin.value.file);
  const validation = validate(document, configSchema);
  if (!validation.ok) return validation;
  const problems = checkSemantics(validation.value, document);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, config: validation.value };
}

/** Returns the origin of a value. A leaf such as a list is one value, so its items have the origin of the leaf. */
function originOf(tree: Tree, path: readonly (string | number)[]): Position | undefined {
  const found = treeAt(tree, path);
  if (found !== undefined) return found.origin.value;
  const above = treeAt(tree, path.slice(0, -1));
  return above?.kind === 'leaf' ? above.origin.value : undefined;
}

function takeOut(tree: Tree, names: readonly string[]): Tree {
  if (tree.kind !== 'branch') return tree;
  return { ...tree, entries: new Map([...tree.entries].filter(([name]) => !names.includes(name))) };
}

function unknownEnvironment(tree: Tree, name: string): Problem {
  const known = environmentsOf([tree]);
  const nearest = closestName(name, known);
  return {
    ...(treeAt(tree, ['environments'])?.origin.key ?? tree.origin.value),
    path: ['environments'],
    found: name,
    expected:
      known.length === 0
        ? 'no environment, since the configuration declares none'
        : `one of ${known.join(', ')}`,
    ...(nearest === undefined ? {} : { nearest }),
  };
}
