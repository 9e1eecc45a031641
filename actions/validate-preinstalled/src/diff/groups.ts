import type { Manifest } from '@runner-actions/manifest';
import { exactVersion } from '../snapshot/exact-range.ts';
import { type Item, itemsOf } from './items.ts';

/** All statements about one thing, such as two kernels, as one item with all of their ranges. */
export interface Group extends Item {
  /** The statements, each with its own range, severity and conditions. */
  parts: readonly Item[];
}

export const keyOf = ({ kind, name }: Pick<Item, 'kind' | 'name'>): string => JSON.stringify([kind, name]);

/** Items by kind and name. */
export function groupItems({ requirements }: Manifest): Map<string, Group> {
  const groups = new Map<string, Item[]>();
  for (const item of requirements.flatMap(itemsOf)) {
    const known = groups.get(keyOf(item)) ?? [];
    groups.set(keyOf(item), [...known, item]);
  }
  return new Map([...groups].map(([key, parts]) => [key, { ...joined(parts), parts }]));
}

/** Joins the statements that differ in their ranges only, by the text that `key` returns. */
export function joinParts(parts: readonly Item[], key: (part: Item) => string): Map<string, Item> {
  const groups = new Map<string, Item[]>();
  for (const part of parts) groups.set(key(part), [...(groups.get(key(part)) ?? []), part]);
  return new Map([...groups].map(([text, some]) => [text, joined(some)]));
}

function joined(parts: readonly Item[]): Item {
  const [first] = parts as [Item];
  return { ...first, ranges: [...new Set(parts.flatMap(({ ranges }) => ranges))] };
}

/** A list is another statement than a single range: it counts all copies on the machine. */
export const formOf = ({ detail, list }: Item): string => JSON.stringify([detail, list !== undefined]);

/** Shows the versions and the rest, each range with what is stated about it. */
export function textOf(item: Item | Group): string {
  const parts = 'parts' in item ? item.parts : [item];
  // Two lists of one tool stay two.
  const stated = joinParts(parts, (part) => JSON.stringify([formOf(part), part.list]));
  return [...stated.values()].map(textOfPart).join(', ');
}

function textOfPart({ ranges, list, shown }: Item): string {
  const versions = list ?? ranges.map((range) => exactVersion(range) ?? range).join(', ');
  return [versions, shown].filter((part) => part !== '').join(' ');
}
