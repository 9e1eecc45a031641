import { compareVersions, judge, type Manifest, parseRange, type SchemeName } from '@runner-actions/manifest';
import { exactVersion } from '../snapshot/exact-range.ts';
import { canonicalRange } from './canonical.ts';
import { type Item, itemsOf } from './items.ts';

export const changeKinds = ['removed', 'downgraded', 'changed', 'upgraded', 'renamed', 'added'] as const;

/** One difference. `before` and `after` are texts for users. */
export interface Change {
  change: (typeof changeKinds)[number];
  kind: string;
  name: string;
  before?: string;
  after?: string;
  /** The item of the first manifest, or of the second where the first has none. */
  item: Item;
}

export interface Comparison {
  changes: readonly Change[];
  /** How many items are the same. */
  same: number;
}

export interface FullComparison extends Comparison {
  /** What is not compared by design, or cannot be in a snapshot. */
  notes: readonly string[];
  /** What could not be compared, so that nobody knows whether it differs. */
  unknown: readonly string[];
}

/** Compares two manifests item by item, the worst changes first. */
export function compareManifests(before: Manifest, after: Manifest): Comparison {
  const [one, other] = [groupItems(before), groupItems(after)];
  const changes: Change[] = [];
  for (const [key, item] of one) {
    const found = other.get(key);
    const change = found === undefined ? 'removed' : compareItems(item, found);
    if (change !== undefined)
      changes.push({ ...named(item), change, before: textOf(item), ...(found && { after: textOf(found) }) });
  }
  for (const [key, item] of other)
    if (!one.has(key)) changes.push({ ...named(item), change: 'added', after: textOf(item) });
  const gone = changes.filter(({ change }) => change !== 'added').length;
  return { changes: sortChanges(changes), same: one.size - gone };
}

const named = (item: Item) => ({ kind: item.kind, name: item.name, item });

/** Sorts changes: the worst first, then by kind and name. */
export function sortChanges(changes: readonly Change[]): Change[] {
  const key = ({ change, kind, name }: Change): string => `${changeKinds.indexOf(change)} ${kind} ${name}`;
  const keyed = changes.map((change) => [key(change), change] as const);
  return keyed.sort(([a], [b]) => (a < b ? -1 : Number(a > b))).map(([, change]) => change);
}

export const keyOf = ({ kind, name }: Pick<Item, 'kind' | 'name'>): string => JSON.stringify([kind, name]);

/** Items by kind and name. Several statements about one thing, such as two kernels, are one item. */
export function groupItems({ requirements }: Manifest): Map<string, Item> {
  const items = new Map<string, Item>();
  for (const item of requirements.flatMap(itemsOf)) {
    const known = items.get(keyOf(item));
    const isSame = known?.detail === item.detail;
    items.set(
      keyOf(item),
      known === undefined
        ? item
        : {
            ...known,
            ranges: [...new Set([...known.ranges, ...item.ranges])],
            detail: isSame ? known.detail : known.detail + item.detail,
            shown: isSame ? known.shown : `${known.shown} ${item.shown}`,
          },
    );
  }
  return items;
}

export function textOf({ ranges, shown }: Item): string {
  const versions = ranges.map((range) => exactVersion(range) ?? range).join(', ');
  return [versions, shown].filter((part) => part !== '').join(' ');
}

/** Returns how an item differs; `undefined` if it does not, or if the exact version is in the range of the other. */
function compareItems(one: Item, other: Item): Exclude<Change['change'], 'added' | 'removed'> | undefined {
  if (one.detail !== other.detail) return 'changed';
  const [before, after] = [one.ranges, other.ranges];
  if (meaningOf(one) === meaningOf(other)) return undefined;
  const [old, recent] = [versionsOf(before), versionsOf(after)];
  if (old === undefined && recent === undefined) return 'changed';
  if (old === undefined || recent === undefined) {
    const [versions = [], ranges] = old === undefined ? [recent, before] : [old, after];
    return ranges.every((range) => isMet(range, versions, [one, other])) ? undefined : 'changed';
  }
  return directionOf(one.scheme, old, recent);
}

/** Tells which of two single versions is newer; `changed` if there are several. */
export function directionOf(
  scheme: SchemeName,
  [first, ...more]: readonly string[],
  [second, ...others]: readonly string[],
): 'changed' | 'upgraded' | 'downgraded' {
  if (first === undefined || second === undefined || more.length + others.length > 0) return 'changed';
  const order = compareVersions(scheme, first, second) ?? 0;
  return order === 0 ? 'changed' : order < 0 ? 'upgraded' : 'downgraded';
}

function meaningOf({ ranges, scheme }: Item): string {
  return [...new Set(ranges.map((range) => canonicalRange(range, scheme)))].sort().join('\n');
}

/** Returns the versions if all ranges are exact. */
export function versionsOf(ranges: readonly string[]): string[] | undefined {
  const versions = ranges.map(exactVersion).filter((version) => version !== undefined);
  return versions.length === ranges.length ? versions : undefined;
}

export function isMet(range: string, versions: readonly string[], items: readonly [Item, Item]): boolean {
  const parsed = parseRange(range, items[0].scheme);
  if ('expected' in parsed) return false;
  const prerelease = items.some(({ requirement }) => 'prerelease' in requirement && requirement.prerelease);
  const verdicts = versions.map((version) => judge(parsed, version, { prerelease }));
  return verdicts.some((verdict) => 'met' in verdict && verdict.met);
}
