/**
 * A workflow command in a line of a step's output. Property names are in lower case, because the runner ignores their
 * case.
 */
export interface LogCommand {
  name: string;
  properties: Record<string, string>;
  data: string;
}

/** The white space that .NET's `TrimStart` removes. Unlike in JavaScript, it includes U+0085 and excludes U+FEFF. */
const leadingSpace = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*/;

/**
 * Parses a line as the runner does: `::name properties::data` after white space, else `##[name properties]data`
 * anywhere. Source: actions/runner 2.336.0, ActionCommand.cs.
 * @param registered the names of known commands, in lower case
 * @returns `undefined` if the line contains no known command
 */
export function parseLogCommand(line: string, registered: ReadonlySet<string>): LogCommand | undefined {
  return parseColons(line.replace(leadingSpace, ''), registered) ?? parseBrackets(line, registered);
}

function parseColons(line: string, registered: ReadonlySet<string>): LogCommand | undefined {
  const end = line.indexOf('::', 2);
  if (!line.startsWith('::') || end < 0) return undefined;
  const [name, properties] = splitHead(line.slice(2, end));
  if (!registered.has(name)) return undefined;
  const pairs = readProperties(properties.trim(), ',', propertyEscapes);
  return { name, properties: pairs, data: unescape(line.slice(end + 2), dataEscapes) };
}

function parseBrackets(line: string, registered: ReadonlySet<string>): LogCommand | undefined {
  const start = line.indexOf('##[');
  const end = line.indexOf(']', start);
  if (start < 0 || end < 0) return undefined;
  const [name, properties] = splitHead(line.slice(start + 3, end));
  if (!registered.has(name)) return undefined;
  const pairs = readProperties(properties, ';', bracketEscapes);
  return { name, properties: pairs, data: unescape(line.slice(end + 1), bracketEscapes) };
}

function splitHead(head: string): [name: string, properties: string] {
  const space = head.indexOf(' ');
  return space < 0 ? [head.toLowerCase(), ''] : [head.slice(0, space).toLowerCase(), head.slice(space + 1)];
}

/** Parses `name=value` pairs. Ignores a pair without a value, and all but the first of several `=` in a row, as .NET's `Split` does. */
function readProperties(text: string, separator: string, escapes: Escapes): Record<string, string> {
  const pairs = text.split(separator).flatMap((pair) => {
    const [, name, value] = /^=*([^=]+)=+(.+)$/s.exec(pair) ?? [];
    return name === undefined || value === undefined
      ? []
      : [[name.toLowerCase(), unescape(value, escapes)] as const];
  });
  return Object.fromEntries(pairs);
}

type Escapes = readonly (readonly [escaped: string, character: string])[];

/** In the runner's order. `%25` comes last, so that its result is not unescaped again. */
const dataEscapes: Escapes = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%25', '%'],
];
const propertyEscapes: Escapes = [['%3A', ':'], ['%2C', ','], ...dataEscapes];
const bracketEscapes: Escapes = [['%3B', ';'], ['%5D', ']'], ...dataEscapes];

function unescape(text: string, escapes: Escapes): string {
  return escapes.reduce((done, [escaped, character]) => done.replaceAll(escaped, character), text);
}
