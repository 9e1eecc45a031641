import type * as v from 'valibot';
import type { Document } from './document.ts';
import type { Position, Problem } from './problem.ts';
import { declaredMap } from './schema/layer.ts';

/** Where a value stands, and the key that it stands under. */
export interface Origin {
  key: Position;
  value: Position;
}

/**
 * A configuration on its way through the merge: what each file says, and where it says it. A `branch` is a map that the
 * schema declares; `replaces` says that a deletion went before it, so it hides what lies below. A `leaf` may be a list:
 * its `positionOf` takes paths from there.
 */
export type Tree =
  | { kind: 'leaf'; value: unknown; origin: Origin; positionOf: Document['positionOf'] }
  | { kind: 'deleted'; origin: Origin }
  | { kind: 'branch'; entries: ReadonlyMap<string, Tree>; replaces: boolean; origin: Origin };

/** The document as a tree. Which maps merge is the schema's to say. */
export function toTree(document: Document, schema: v.GenericSchema): Tree {
  const grow = (value: unknown, part: v.GenericSchema | undefined, path: (string | number)[]): Tree => {
    const origin = { key: document.positionOf(path, 'key'), value: document.positionOf(path, 'value') };
    if (value === null || value === undefined) return { kind: 'deleted', origin };
    const inner = part === undefined ? undefined : declaredMap(part);
    if (inner === undefined) {
      const positionOf: Document['positionOf'] = (within, side) =>
        document.positionOf([...path, ...within], side);
      return { kind: 'leaf', value, origin, positionOf };
    }
    const entries = Object.entries(value).map(
      ([key, child]) => [key, grow(child, inner(key), [...path, key])] as const,
    );
    return { kind: 'branch', entries: new Map(entries), replaces: false, origin };
  };
  return grow(document.value, schema, []);
}

/**
 * `over` on top of `base`. Branches merge key by key, keeping the order of `base` and putting new keys after it; all
 * else replaces. Deletions are kept, so that merging is associative and a deletion reaches what lies further below.
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

/** What is left when all deletions are carried out, as plain data; `undefined` when that is nothing. */
export function toValue(tree: Tree): unknown {
  if (tree.kind === 'deleted') return undefined;
  if (tree.kind === 'leaf') return tree.value;
  const entries = [...tree.entries].map(([key, child]) => [key, toValue(child)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** The tree at `path`; `undefined` when nothing is there, or only a deletion. */
export function treeAt(tree: Tree, path: readonly (string | number)[]): Tree | undefined {
  const [step, ...rest] = path;
  if (tree.kind === 'deleted') return undefined;
  if (step === undefined) return tree;
  const next = tree.kind === 'branch' ? tree.entries.get(String(step)) : undefined;
  return next === undefined ? undefined : treeAt(next, rest);
}

/** The merged tree as a document, so that it is validated as a file is: each problem at the place that caused it. */
export function toDocument(tree: Tree, file: string): Document {
  return {
    file,
    value: toValue(tree) ?? {},
    problems: [],
    positionOf: (path, part) => placeIn(tree, path, part),
  };
}

/** The place of the value at `path`, or of its key; of what does not exist, the key of the nearest part around it. */
function placeIn(tree: Tree, path: Problem['path'], part: 'key' | 'value'): Position {
  const [step, ...rest] = path;
  if (step === undefined) return tree.origin[part];
  if (tree.kind === 'leaf') return tree.positionOf(path, part);
  const next = tree.kind === 'branch' ? tree.entries.get(String(step)) : undefined;
  return next === undefined || next.kind === 'deleted' ? tree.origin.key : placeIn(next, rest, part);
}
