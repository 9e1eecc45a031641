import { type Node, type ParseError, createScanner, parseTree, printParseErrorCode } from 'jsonc-parser';
import { type Place, Unreadable } from './stated.ts';
import type { Value } from './tree.ts';

/** What a dialect of JSON allows besides the standard. */
export interface Dialect {
  comments: boolean;
  trailingCommas: boolean;
}

/** The parser calls itself for each level, so that a deeper file could exhaust the stack. Real files have 10. */
const deepest = 100;

// Values of `SyntaxKind` of jsonc-parser, which is a `const enum` and so not there at run time.
const [openBrace, closeBrace, openBracket, closeBracket, endOfFile] = [1, 2, 3, 4, 17];

/**
 * Parses JSON.
 * @throws {Unreadable} with the place of the first error.
 */
export function parseJson(text: string, dialect: Dialect): Value {
  const placeOf = placesIn(text);
  refuseDeep(text, placeOf);
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, {
    disallowComments: !dialect.comments,
    allowTrailingComma: dialect.trailingCommas,
  });
  const [first] = errors;
  if (first !== undefined) {
    throw new Unreadable(
      placeOf(first.offset),
      `valid JSON (${sentences[printParseErrorCode(first.error)] ?? 'a value'})`,
    );
  }
  if (root === undefined) throw new Unreadable(placeOf(0), 'valid JSON (a value)');
  return convert(root, text, placeOf);
}

const sentences: Record<string, string> = {
  InvalidCommentToken: 'no comment',
  InvalidCharacter: 'no control character in a text',
  InvalidSymbol: 'a text in quotes, a number, true, false or null',
  InvalidNumberFormat: 'a number',
  InvalidUnicode: 'four hexadecimal digits after \\u',
  InvalidEscapeCharacter: 'a known character after a backslash',
  PropertyNameExpected: 'a name in double quotes',
  ValueExpected: 'a value',
  ColonExpected: 'a colon',
  CommaExpected: 'a comma',
  CloseBraceExpected: 'a closing brace',
  CloseBracketExpected: 'a closing bracket',
  EndOfFileExpected: 'nothing after the value',
  UnexpectedEndOfComment: 'the end of the comment',
  UnexpectedEndOfString: 'the end of the text',
  UnexpectedEndOfNumber: 'the rest of the number',
};

function refuseDeep(text: string, placeOf: (offset: number) => Place) {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let token: number = scanner.scan(); token !== endOfFile; token = scanner.scan()) {
    if (token === openBrace || token === openBracket) depth += 1;
    if (token === closeBrace || token === closeBracket) depth -= 1;
    if (depth > deepest) throw new Unreadable(placeOf(scanner.getTokenOffset()), `at most ${deepest} levels`);
  }
}

function convert(node: Node, text: string, placeOf: (offset: number) => Place): Value {
  const place = placeOf(node.offset);
  const children = node.children ?? [];
  if (node.type === 'array') {
    return { ...place, kind: 'list', items: children.map((child) => convert(child, text, placeOf)) };
  }
  if (node.type === 'object') {
    const entries = children.flatMap(({ offset, children: [key, value] = [] }) =>
      value === undefined
        ? []
        : [{ ...placeOf(offset), key: String(key?.value), value: convert(value, text, placeOf) }],
    );
    return { ...place, kind: 'map', entries };
  }
  if (node.type === 'string') return { ...place, kind: 'text', text: String(node.value) };
  return { ...place, kind: 'plain', text: text.slice(node.offset, node.offset + node.length) };
}

/** Returns a function that tells the line and column of an offset. */
function placesIn(text: string): (offset: number) => Place {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}
