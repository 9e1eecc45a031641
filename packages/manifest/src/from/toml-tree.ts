import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import { type Place, Unreadable, onOneLine } from './stated.ts';
import type { Entry, Value } from './tree.ts';

/** The parser takes 4 s for 1 MiB of hostile text, so it gets less. Real files are far below. */
const largest = 128 * 1024;
/** Real files have 5 levels. A deeper one could exhaust the stack. */
const deepest = 100;

/** A table while it is filled: several headers and dotted keys may add to it. Numbers are places in a list. */
interface Draft extends Place {
  children: Map<string | number, Place & { content: Draft | Value }>;
}

/**
 * Parses TOML 1.0, and what 1.1 adds to it.
 * @throws {Unreadable} with the place of the first error.
 */
export function parseToml(text: string): Value {
  if (text.length > largest) throw new Unreadable({ line: 1, column: 1 }, 'a TOML file of at most 128 KiB');
  const root: Draft = { line: 1, column: 1, children: new Map() };
  for (const node of parse(text).body[0].body) {
    if (node.type === 'TOMLKeyValue') put(root, node, 0);
    else {
      const table = draftAt(root, node.resolvedKey, placeOf(node.key));
      for (const inner of node.body) put(table, inner, 0);
    }
  }
  return finished(root);
}

function parse(text: string): AST.TOMLProgram {
  try {
    return parseTOML(text);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const place = { line: error.lineNumber, column: error.column + 1 };
    throw new Unreadable(place, `valid TOML (${onOneLine(error.message)})`);
  }
}

/** Returns the table at a path, which it creates as far as needed. */
function draftAt(root: Draft, path: readonly (string | number)[], place: Place): Draft {
  if (path.length > deepest) throw new Unreadable(place, `at most ${deepest} levels`);
  let draft = root;
  for (const step of path) {
    const known = draft.children.get(step)?.content;
    // The parser refuses a key that is a value and a table, so a value cannot be here.
    const next = known !== undefined && 'children' in known ? known : { ...place, children: new Map() };
    if (next !== known) draft.children.set(step, { ...place, content: next });
    draft = next;
  }
  return draft;
}

function put(table: Draft, node: AST.TOMLKeyValue, depth: number) {
  const names = node.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));
  const place = placeOf(node.key);
  const last = names.pop();
  if (last === undefined) return;
  draftAt(table, names, place).children.set(last, { ...place, content: convert(node.value, depth + 1) });
}

function convert(node: AST.TOMLContentNode, depth: number): Value {
  const place = placeOf(node);
  if (depth > deepest) throw new Unreadable(place, `at most ${deepest} levels`);
  if (node.type === 'TOMLArray') {
    return { ...place, kind: 'list', items: node.elements.map((element) => convert(element, depth + 1)) };
  }
  if (node.type === 'TOMLInlineTable') {
    const table: Draft = { ...place, children: new Map() };
    for (const inner of node.body) put(table, inner, depth);
    return finished(table);
  }
  if (node.kind === 'string') return { ...place, kind: 'text', text: node.value };
  const text = 'number' in node ? node.number : 'datetime' in node ? node.datetime : String(node.value);
  return { ...place, kind: 'plain', text };
}

function finished({ line, column, children }: Draft): Value {
  const settle = (content: Draft | Value) => ('children' in content ? finished(content) : content);
  if (children.has(0)) {
    return {
      line,
      column,
      kind: 'list',
      items: [...children.values()].map(({ content }) => settle(content)),
    };
  }
  const entries: Entry[] = [...children].map(([key, { content, ...place }]) => ({
    ...place,
    ...{ key: String(key), value: settle(content) },
  }));
  return { line, column, kind: 'map', entries };
}

function placeOf({ loc }: AST.TOMLContentNode | AST.TOMLKey): Place {
  return { line: loc.start.line, column: loc.start.column + 1 };
}
