/**
 * One setting in a git configuration file. Positions are indexes in the text, which has one character for each byte.
 */
export interface ConfigEntry {
  /** The full name as git sees it: section and key in lower case, `section.subsection.key`. */
  name: string;
  section: string;
  subsection: string | undefined;
  key: string;
  /** `undefined` for a key without `=`, which means true. */
  value: string | undefined;
  /** Start of the key. */
  start: number;
  /** End of the text after `=`, before the end of the line. */
  end: number;
  /** Start of the text after `=`. */
  valueStart: number;
}

interface Range {
  start: number;
  end: number;
}

export interface ParsedConfig {
  entries: ConfigEntry[];
  /** The headers of sections, each with the entries up to the next one. */
  headers: (Range & { entries: ConfigEntry[] })[];
}

interface Source {
  text: string;
  at: number;
  ended: boolean;
}

const keyCharacter = /[\dA-Za-z-]/;
const isBlank = (character: string): boolean => ' \t\n\r'.includes(character);

/**
 * Parses a git configuration file exactly as git does. Source: git, config.c, `git_parse_source`.
 * @param text with one character for each byte
 * @returns `undefined` if git cannot parse it either
 */
export function parseConfig(text: string): ParsedConfig | undefined {
  const source: Source = { text, at: text.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0, ended: false };
  const parsed: ParsedConfig = { entries: [], headers: [] };
  let stem = '';
  while (!source.ended) {
    const start = source.at;
    const character = next(source);
    if (isBlank(character)) continue;
    if (character === '#' || character === ';') {
      while (next(source) !== '\n') continue;
    } else if (character === '[') {
      const header = readHeader(source);
      if (header === undefined || header === '') return undefined;
      stem = `${header}.`;
      parsed.headers.push({ start, end: source.at, entries: [] });
    } else {
      const entry = /[A-Za-z]/.test(character) ? readEntry(source, stem, character, start) : undefined;
      if (entry === undefined) return undefined;
      parsed.entries.push(entry);
      parsed.headers.at(-1)?.entries.push(entry);
    }
  }
  return parsed;
}

/** Returns the next character. A line may end with CR and LF; the end of the text counts as the end of a line. */
function next(source: Source): string {
  const { text } = source;
  let character = text[source.at];
  source.at += 1;
  if (character === '\r' && text[source.at] === '\n') {
    character = '\n';
    source.at += 1;
  }
  if (character !== undefined) return character;
  source.at = text.length;
  source.ended = true;
  return '\n';
}

function readHeader(source: Source): string | undefined {
  let name = '';
  for (;;) {
    const character = next(source);
    if (source.ended) return undefined;
    if (character === ']') return name;
    if (isBlank(character)) return readSubsection(source, name, character);
    if (!keyCharacter.test(character) && character !== '.') return undefined;
    name += character.toLowerCase();
  }
}

function readSubsection(source: Source, section: string, first: string): string | undefined {
  for (let character = first; character !== '"';) {
    if (character === '\n') return undefined;
    character = next(source);
    if (!isBlank(character) && character !== '"') return undefined;
  }
  let subsection = '';
  for (;;) {
    let character = next(source);
    if (character === '"') break;
    if (character === '\\') character = next(source);
    if (character === '\n') return undefined;
    subsection += character;
  }
  return next(source) === ']' ? `${section}.${subsection}` : undefined;
}

function readEntry(source: Source, stem: string, first: string, start: number): ConfigEntry | undefined {
  let key = first.toLowerCase();
  let end = source.at;
  let character = next(source);
  for (; !source.ended && keyCharacter.test(character); character = next(source)) {
    key += character.toLowerCase();
    end = source.at;
  }
  while (character === ' ' || character === '\t') character = next(source);
  const place = { start, valueStart: end, end };
  let value: string | undefined;
  if (character !== '\n') {
    if (character !== '=') return undefined;
    place.valueStart = source.at;
    const read = readValue(source);
    if (read === undefined) return undefined;
    ({ value, end: place.end } = read);
  }
  return { ...split(stem + key), value, ...place };
}

function split(name: string): Pick<ConfigEntry, 'name' | 'section' | 'subsection' | 'key'> {
  const [first, last] = [name.indexOf('.'), name.lastIndexOf('.')];
  const subsection = last > first ? name.slice(first + 1, last) : undefined;
  return { name, section: name.slice(0, Math.max(0, first)), subsection, key: name.slice(last + 1) };
}

const escapes: Record<string, string> = { '\n': '', t: '\t', b: '\b', n: '\n', '\\': '\\', '"': '"' };

function readValue(source: Source): { value: string; end: number } | undefined {
  let value = '';
  // Length up to the last character that is not a blank, or that is in quotes.
  let kept = 0;
  let [quoted, comment] = [false, false];
  for (;;) {
    const end = source.at;
    const character = next(source);
    if (character === '\n') return quoted ? undefined : { value: value.slice(0, kept), end };
    if (comment) continue;
    if (!quoted && isBlank(character)) {
      if (value !== '') value += character;
      continue;
    }
    if (!quoted && (character === ';' || character === '#')) {
      comment = true;
      continue;
    }
    if (character === '"') quoted = !quoted;
    else if (character === '\\') {
      const escaped = escapes[next(source)];
      if (escaped === undefined) return undefined;
      value += escaped;
    } else value += character;
    kept = value.length;
  }
}

/** A new value for an entry, or `remove`. */
export type Edit = { entry: ConfigEntry; to: 'remove' | { value: string } };

/**
 * Applies edits. Every other byte stays, except headers of sections that had only removed entries.
 * @param edits in the order of the entries
 */
export function editConfig(text: string, parsed: ParsedConfig, edits: readonly Edit[]): string {
  const cuts = edits.map(({ entry, to }) =>
    to === 'remove'
      ? { ...wholeLines(text, entry), by: '' }
      : { start: entry.valueStart, end: entry.end, by: ` ${writeValue(to.value)}` },
  );
  const removed = new Set(edits.flatMap(({ entry, to }) => (to === 'remove' ? [entry] : [])));
  for (const [index, header] of parsed.headers.entries()) {
    const { entries } = header;
    if (entries.length === 0 || !entries.every((entry) => removed.has(entry))) continue;
    const next = parsed.headers[index + 1]?.start ?? text.length;
    if (isBare(text, header.end, next, entries)) cuts.push({ ...wholeLines(text, header), by: '' });
  }
  let [result, at] = ['', 0];
  for (const { start, end, by } of cuts.sort((one, other) => one.start - other.start)) {
    result += text.slice(at, Math.max(at, start)) + by;
    at = Math.max(at, end);
  }
  return result + text.slice(at);
}

/** Extends a range to its whole lines, if nothing else is on them. */
function wholeLines(text: string, { start, end }: Range): Range {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  if (start > 0 && text.slice(lineStart, start).trim() !== '') return { start, end };
  const lineEnd = text.indexOf('\n', end);
  const rest = lineEnd < 0 ? text.length : lineEnd + 1;
  if (text.slice(end, rest).trim() !== '') return { start, end };
  return { start: start === 0 ? 0 : lineStart, end: rest };
}

/** Returns whether a part of the text has nothing but these entries, so no comment either. */
function isBare(text: string, from: number, to: number, entries: readonly ConfigEntry[]): boolean {
  let at = from;
  for (const { start, end } of entries) {
    if (text.slice(at, start).trim() !== '') return false;
    at = end;
  }
  return text.slice(at, to).trim() === '';
}

function writeValue(value: string): string {
  const escaped = value
    .replaceAll(/[\\"]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll('\b', '\\b');
  return /^\s|\s$|[;#\r]/.test(value) ? `"${escaped}"` : escaped;
}
