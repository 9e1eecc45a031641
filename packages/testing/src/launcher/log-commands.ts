/** A workflow command as it stands in a line of a step's output. Property names are in small letters, as the runner looks them up without case. */
export interface LogCommand {
  name: string;
  properties: Record<string, string>;
  data: string;
}

/** What .NET's `TrimStart` calls white space. It differs from JavaScript's: U+0085 is one, U+FEFF is none. */
const leadingSpace = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*/;

/**
 * Reads a line as the runner does: `::name properties::data` after white space, else `##[name properties]data` anywhere.
 * `undefined` where it is neither, or where `registered` does not have the name (in small letters).
 * Source: actions/runner 2.336.0, ActionCommand.cs.
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

/** A pair without a value does not count; of several `=` in a row all but the first are passed over, as .NET's `Split` does. */
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

/** In the runner's order. `%25` comes last: what it yields is not unescaped again. */
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
