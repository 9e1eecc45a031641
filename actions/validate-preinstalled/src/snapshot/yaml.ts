/** A value of a manifest. */
export type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

/**
 * Writes a value as YAML on one line. Texts are written as JSON, which YAML includes, so that a version such as `1.20` or
 * a name such as `no` stays a text.
 */
export function inline(value: Value): string {
  if (typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(inline).join(', ')}]`;
  const entries = Object.entries(value).map(([key, one]) => `${keyText(key)}: ${inline(one)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function isList(value: object): value is readonly Value[] {
  return Array.isArray(value);
}

/** Writes a key. Keys that YAML could read as something else than a text are in quotes. */
export function keyText(key: string): string {
  const isPlain = /^[A-Za-z_][\w-]*$/.test(key) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(key);
  return isPlain ? key : JSON.stringify(key);
}

/** Sorts texts by their characters, on every machine alike. */
export function byCharacters(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/**
 * Leaves out lines of a text, with the lines below them that are indented deeper, and sections that are empty then.
 * @param numbers of lines, counted from 1
 */
export function withoutLines(text: string, numbers: ReadonlySet<number>): string {
  const lines = text.split('\n');
  const depth = (line: string): number => line.length - line.trimStart().length;
  let hidden: number | undefined;
  const kept = lines.filter((line, index) => {
    if (hidden !== undefined && line !== '' && depth(line) > hidden) return false;
    hidden = numbers.has(index + 1) ? depth(line) : undefined;
    return hidden === undefined;
  });
  const isEmpty = (line: string, index: number): boolean =>
    /^[a-z]+:$/.test(line) && depth(kept[index + 1] ?? '') === 0;
  return kept.filter((line, index) => !isEmpty(line, index)).join('\n');
}
