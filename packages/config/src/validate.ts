import * as v from 'valibot';
import type { Document } from './document.ts';
import { likelyMeaning, type Problem } from './problem.ts';
import { declaredMap } from './schema/layer.ts';
import { keysAt } from './schema-keys.ts';
import { isPrefix, withoutEntries } from './without-entries.ts';

export type Validation<T> = { ok: true; value: T } | { ok: false; problems: readonly Problem[] };
type Schema = v.GenericSchema<unknown, unknown>;
type Path = Problem['path'];

/** Validates a document against a schema. @returns the typed value, or all problems in the order of the file */
export function validate<S extends Schema>(document: Document, schema: S): Validation<v.InferOutput<S>> {
  if (document.problems.length > 0) return { ok: false, problems: document.problems };
  const lists = listsForMaps(document.value, schema, []);
  const result = v.safeParse(schema, document.value);
  if (result.success && lists.length === 0) return { ok: true, value: result.output };
  const found = (result.issues ?? [])
    .flatMap((issue) => innermost(issue, []))
    .filter(({ path }) => !lists.some((list) => isPrefix(list.path, path)));
  const problems = [...found, ...hiddenIssues(document, schema, [...found, ...lists])]
    .flatMap(({ issue, path }) => explain(document, schema, issue, path))
    .concat(lists.map(({ path, expected }) => aList(document, path, expected)));
  const unique = new Map(
    problems.map((problem) => [JSON.stringify([problem.path, problem.expected, problem.found]), problem]),
  );
  const sorted = [...unique.values()].sort(
    (a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column,
  );
  return { ok: false, problems: sorted };
}

/**
 * Finds what the first pass could not: a schema with a wrong value in it does not go on to rules for the whole, such as
 * those of ranges. So the entries of a section that are wrong are left out, and the others are validated again.
 */
function hiddenIssues(document: Document, schema: Schema, known: readonly { path: Path }[]): Placed[] {
  const wrong = known.flatMap(({ path }) => (path.length < 2 ? [] : [path.slice(0, 2)]));
  if (wrong.length === 0) return [];
  const rest = withoutEntries(document.value as Record<string, unknown>, wrong);
  return (v.safeParse(schema, rest.value).issues ?? [])
    .flatMap((issue) => innermost(issue, []))
    .map(({ issue, path }) => ({ issue, path: rest.pathBefore(path) }))
    .filter(({ path }) => path.length > 1 && !wrong.some((entry) => isPrefix(entry, path)));
}

interface MisplacedList {
  path: Path;
  expected: string;
}

/**
 * Finds lists where the schema declares a map. Valibot treats their indices as keys, and an empty list as an empty
 * map.
 */
function listsForMaps(value: unknown, schema: v.GenericSchema, path: Path): MisplacedList[] {
  const inner = declaredMap(schema);
  if (typeof value !== 'object' || value === null) return [];
  if (inner === undefined)
    return Array.isArray(value) && value.length === 0 && mayBeMap(schema)
      ? [{ path, expected: mayBeList(schema) ? 'a list that is not empty' : (ownMessage(schema) ?? aMap) }]
      : [];
  if (Array.isArray(value)) return [{ path, expected: ownMessage(schema) ?? aMap }];
  return Object.entries(value).flatMap(([key, child]) => {
    const part = inner(key);
    return part === undefined ? [] : listsForMaps(child, part, [...path, key]);
  });
}

/** Whether a schema is a union with a map that may be empty. It would accept an empty list. */
function mayBeMap(schema: v.GenericSchema): boolean {
  const { type, wrapped, options } = schema as unknown as Parts;
  if (wrapped !== undefined) return mayBeMap(wrapped);
  return (
    type === 'union' &&
    (options ?? []).some((option) => declaredMap(option) !== undefined && v.is(option, {}))
  );
}

function mayBeList(schema: v.GenericSchema): boolean {
  const { type, wrapped, options } = schema as unknown as Parts;
  if (wrapped !== undefined) return mayBeList(wrapped);
  return type === 'array' || (type === 'union' && (options ?? []).some(mayBeList));
}

/** Returns what a schema expects in words of its own, with an example. */
function ownMessage(schema: v.GenericSchema): string | undefined {
  const { wrapped, message } = schema as unknown as Parts;
  if (wrapped !== undefined) return ownMessage(wrapped);
  return typeof message === 'string' ? message : undefined;
}

function aList(document: Document, path: Path, expected: string): Problem {
  return { ...document.positionOf(path, 'value'), path, found: 'a list', expected };
}

/** The parts of a Valibot schema that this module reads. */
interface Parts {
  type: string;
  wrapped?: v.GenericSchema;
  options?: v.GenericSchema[];
  message?: unknown;
}

const aMap = 'a map of keys';

interface Placed {
  issue: v.BaseIssue<unknown>;
  path: Path;
}

/**
 * Returns the innermost issues. For a union it picks the options that matched deepest, because the user probably
 * meant these.
 */
function innermost(issue: v.BaseIssue<unknown>, above: Path): Placed[] {
  const path = [
    ...above,
    ...(issue.path ?? []).map((step) => (typeof step.key === 'number' ? step.key : String(step.key))),
  ];
  if (issue.type !== 'union' || issue.issues === undefined) return [{ issue, path }];
  const inner = issue.issues
    .flatMap((nested) => innermost(nested, path))
    .filter((nested) => !Array.isArray(issue.input) || !isOfMap(nested, path));
  const deeper = inner.filter(
    (nested) => nested.path.length > path.length || nested.issue.kind === 'validation',
  );
  return deeper.length > 0 ? deeper : [{ issue, path }];
}

/** Whether an issue is a missing map key of a list. Such an issue is meaningless if the union also allows a list. */
function isOfMap({ issue, path }: Placed, union: Path): boolean {
  return issue.type === 'strict_object' && path.length === union.length + 1;
}

function explain(document: Document, schema: Schema, issue: v.BaseIssue<unknown>, path: Path): Problem[] {
  const parent = path.slice(0, -1);
  // Valibot treats a list as an object, so its issues about keys are meaningless for a list.
  const isKey = issue.path?.at(-1)?.origin === 'key';
  if (isKey && path.length > 0 && Array.isArray(valueAt(document, parent)))
    return [aList(document, parent, issue.message.startsWith('Invalid ') ? aMap : issue.message)];
  if (issue.type === 'strict_object' && issue.expected === 'never')
    return unknownKeys(document, schema, path);
  const missing = issue.type === 'strict_object' && path.length > 0 && issue.received === 'undefined';
  const place = document.positionOf(path, isKey ? 'key' : 'value');
  // A document that is a single value is not a configuration. It may be a secret, such as a key or a token, so do not
  // quote it.
  const kind = path.length === 0 ? names[typeof issue.input] : undefined;
  const found = missing ? undefined : (kind ?? show(issue.input));
  const expected = missing ? `the key '${path.at(-1)}'` : expectation(issue);
  const at = missing ? path.slice(0, -1) : path;
  return [{ ...place, path: at, found, expected }];
}

function valueAt({ value }: Document, path: Path): unknown {
  return path.reduce<unknown>((part, key) => (part as Record<string | number, unknown> | null)?.[key], value);
}

const noMergeKeys = "no merge key, which YAML 1.2 does not have; repeat the keys, or use 'extends'";

/** Reports all unknown keys of a map. Valibot stops at the first one. */
function unknownKeys(document: Document, schema: Schema, path: Path): Problem[] {
  const parent = path.slice(0, -1);
  const known = keysAt(schema, parent);
  const value = valueAt(document, parent);
  return Object.entries((value ?? {}) as object)
    .filter(([key]) => !known.includes(key))
    .map(([key, given]) => {
      const nearest = likelyMeaning(key, given, known);
      return {
        ...document.positionOf([...parent, key], 'key'),
        path: parent,
        found: key,
        expected: key === '<<' ? noMergeKeys : `one of ${known.join(', ')}`,
        ...(nearest === undefined ? {} : { nearest }),
      };
    });
}

const names: Record<string, string> = {
  string: 'a text',
  Object: aMap,
  Array: 'a list',
  boolean: 'true or false',
  number: 'a number',
};

/** Returns what is expected: the schema's own message, or a plain wording of Valibot's standard message. */
function expectation(issue: v.BaseIssue<unknown>): string {
  if (!issue.message.startsWith('Invalid ')) return issue.message;
  const expected = issue.expected ?? 'something else';
  const options = expected.replaceAll(/[()"]/g, '').split(' | ');
  return options.map((option) => names[option] ?? option).join(' or ');
}

function show(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null ? 'nothing' : (JSON.stringify(value) ?? 'nothing');
}
