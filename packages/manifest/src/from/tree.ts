import type { Place } from './stated.ts';

/**
 * A value of a JSON or TOML file with its place. Maps are lists of entries, so that a key such as `__proto__` is only
 * a text.
 */
export type Value = Place &
  (
    | { kind: 'map'; entries: Entry[] }
    | { kind: 'list'; items: Value[] }
    | { kind: 'text'; text: string }
    /** A number, a boolean, a date or null, as the file writes it. */
    | { kind: 'plain'; text: string }
  );

/** An entry of a map, at the place of its key. */
export interface Entry extends Place {
  key: string;
  value: Value;
}

/** Returns the entries of a map; none, if the value is something else. */
export function entriesOf(value: Value | undefined): readonly Entry[] {
  return value?.kind === 'map' ? value.entries : [];
}

/** Returns the value at a path of keys. Of equal keys the last one holds, as JSON's readers have it. */
export function valueAt(value: Value | undefined, ...path: string[]): Value | undefined {
  let at = value;
  for (const step of path) at = entriesOf(at).findLast(({ key }) => key === step)?.value;
  return at;
}

/** Returns the text at a path of keys; `undefined`, if there is none or something else than a text. */
export function textAt(value: Value | undefined, ...path: string[]): string | undefined {
  const found = valueAt(value, ...path);
  return found?.kind === 'text' ? found.text : undefined;
}

/** Returns the texts of a list; of a single text, that one. */
export function textsOf(value: Value | undefined): string[] {
  const items = value?.kind === 'list' ? value.items : value === undefined ? [] : [value];
  return items.flatMap((item) => (item.kind === 'text' ? [item.text] : []));
}

/** Describes a value in a few words, for a notice. */
export function describeValue(value: Value): string {
  if (value.kind === 'map') return '{…}';
  return value.kind === 'list' ? '[…]' : value.text;
}
