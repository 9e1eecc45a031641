import type * as v from 'valibot';
import type { Document } from './document.ts';
import type { Position, Problem } from './problem.ts';
import { declaredMap } from './schema/layer.ts';

/** The positions of a value and of its key. */
export interface Origin {
  key: Position;
  value: Position;
}

/**
 * A configuration during the merge: values with their positions. A `branch` is a map that the schema declares;
 * `replaces` means that it follows a deletion and hides the values of base files. A `leaf` is any other value, for
 * example a list; its `positionOf` takes paths relative to the leaf.
 */
export type Tree =
  | { kind: 'leaf'; value: unknown; origin: Origin; positionOf: Document['positionOf'] }
  | { kind: 'deleted'; origin: Origin }
  | { kind: 'branch'; entries: ReadonlyMap<string, Tree>; replaces: boolean; origin: Origin };

/** Converts a document to a tree. The schema decides which maps are branches. */
export function toTree(document: Document, schema: v.GenericSchema): Tree {
  const convert = (value: unknown, part: v.GenericSchema | undefined, path: (string | number)[]): Tree => {
    const origin = { key: document.positionOf(path, 'key'), value: document.positionOf(path, 'value') };
    if (value === null || value === undefined) return { kind: 'deleted', origin };
    const inner = part === undefined ? undefined : declaredMap(part);
    if (inner === undefined) {
      const positionOf: Document['positionOf'] = (within, side) =>
        document.positionOf([...path, ...within], side);
      return { kind: 'leaf', value, origin, positionOf };
    }
    const entries = Object.entries(value).map(
      ([key, child]) => [key, convert(child, inner(key), [...path, key])] as const,
    );
    return { kind: 'branch', entries: new Map(entries), replaces: false, origin };
  };
  return convert(document.value, schema, []);
}

/**
 * Merges `over` on top of `base`. Branches merge key by key: keys of `base` keep their order, and new keys come after
 * them. Every other value replaces the one in `base`. Deletions stay in the tree, so that merging is associative and
 * a deletion also applies to base files that are merged later.
 */
export function merge(base: Tree, over: Tree): Tree {
  if (over.kind !== 'branch' || over.replaces) return over;
  if (base.kind !== 'branch') return { ...over, replaces: true };
  const entries = new Map(base.entries);
  for (const [key, tree] of over.entries) {
    const below = entries.get(key);
    entries.set(key, below === undefined ? tree : merge(below, tree));
  }
  return { kind: 'branch', entries, replaces: base.replaces, origin: over.origin };
}

/** Applies all deletions and returns the rest as plain data; `undefined` if nothing is left. */
export function toValue(tree: Tree): unknown {
  if (tree.kind === 'deleted') return undefined;
  if (tree.kind === 'leaf') return tree.value;
  const entries = [...tree.entries].map(([key, child]) => [key, toValue(child)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Returns the tree at `path`; `undefined` if there is none, or only a deletion. */
export function treeAt(tree: Tree, path: readonly (string | number)[]): Tree | undefined {
  const [step, ...rest] = path;
  if (tree.kind === 'deleted') return undefined;
  if (step === undefined) return tree;
  const next = tree.kind === 'branch' ? tree.entries.get(String(step)) : undefined;
  return next === undefined ? undefined : treeAt(next, rest);
}

/**
 * Converts a merged tree to a document, so that it can be validated like a file. Each problem gets the position of
 * its cause.
 */
export function toDocument(tree: Tree, file: string): Document {
  return {
    file,
    value: toValue(tree) ?? {},
    problems: [],
    positionOf: (path, part) => placeIn(tree, path, part),
  };
}

/**
 * Returns the position of the value at `path`, or of its key. If it does not exist: the key of the nearest part
 * around it.
 */
function placeIn(tree: Tree, path: Problem['path'], part: 'key' | 'value'): Position {
  const [step, ...rest] = path;
  if (step === undefined) return tree.origin[part];
  if (tree.kind === 'leaf') return tree.positionOf(path, part);
  const next = tree.kind === 'branch' ? tree.entries.get(String(step)) : undefined;
  return next === undefined || next.kind === 'deleted' ? tree.origin.key : placeIn(next, rest, part);
}
