import { compareVersions, judge, type Manifest, parseRange, type SchemeName } from '@runner-actions/manifest';
import { exactVersion } from '../snapshot/exact-range.ts';
import { canonicalRange } from './canonical.ts';
import { formOf, type Group, groupItems, joinParts, textOf } from './groups.ts';
import type { Item } from './items.ts';

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
  /** What could not be compared, so that nobody knows whether it differs. */
  unknown: readonly string[];
}

export interface FullComparison extends Comparison {
  /** What is not compared by design, or cannot be in a snapshot. */
  notes: readonly string[];
}

/**
 * What is asked. `requirements`: whether two manifests require the same. `snapshots`: whether two machines have the same.
 * `machine`: whether this machine, which the second snapshot describes, has what the first one has. Where machines are
 * compared, an exact version is no difference to a range that it is in, as somebody may have widened the snapshot.
 */
export type Question = 'requirements' | 'snapshots' | 'machine';

/** Compares two manifests item by item, the worst changes first. */
export function compareManifests(before: Manifest, after: Manifest, question: Question): Comparison {
  const [one, other] = [groupItems(before), groupItems(after)];
  const changes: Change[] = [];
  const unknown: string[] = [];
  for (const [key, item] of one) {
    const found = other.get(key);
    const change = found === undefined ? 'removed' : compareGroups(item, found, question);
    if (change === 'unknown')
      unknown.push(`${item.kind} ${item.name} is not compared: a snapshot does not tell its version`);
    else if (change !== undefined)
      changes.push({ ...named(item), change, before: textOf(item), ...(found && { after: textOf(found) }) });
  }
  const same = one.size - changes.length - unknown.length;
  for (const [key, item] of other)
    if (!one.has(key)) changes.push({ ...named(item), change: 'added', after: textOf(item) });
  return { changes: sortChanges(changes), same, unknown };
}

const named = (item: Item) => ({ kind: item.kind, name: item.name, item });

/** Sorts changes: the worst first, then by kind and name. */
export function sortChanges(changes: readonly Change[]): Change[] {
  const key = ({ change, kind, name }: Change): string => `${changeKinds.indexOf(change)} ${kind} ${name}`;
  const keyed = changes.map((change) => [key(change), change] as const);
  return keyed.sort(([a], [b]) => (a < b ? -1 : Number(a > b))).map(([, change]) => change);
}

type Direction = Exclude<Change['change'], 'added' | 'removed' | 'renamed'>;

/** Returns how two groups differ; `undefined` if they do not. */
function compareGroups(one: Group, other: Group, question: Question): Direction | 'unknown' | undefined {
  const key = question === 'requirements' ? formOf : ({ detail }: Item): string => detail;
  const [before, after] = [joinParts(one.parts, key), joinParts(other.parts, key)];
  if ([...before.keys()].sort().join('\n') !== [...after.keys()].sort().join('\n')) return 'changed';
  const found = new Set<Direction | 'unknown' | undefined>();
  for (const [text, part] of before) found.add(compareParts(part, after.get(text) ?? part, question));
  found.delete(undefined);
  const [only] = found;
  return found.size > 1 ? 'changed' : only;
}

/** Compares the versions of two statements that are the same otherwise. */
function compareParts(one: Item, other: Item, question: Question): Direction | 'unknown' | undefined {
  const [old, recent] = [versionsOf(one.ranges), versionsOf(other.ranges)];
  if (meaningOf(one) === meaningOf(other)) {
    // One exact version on each side is the same version, however many copies count.
    const isSameForm = formOf(one) === formOf(other);
    return isSameForm || old !== undefined ? undefined : 'changed';
  }
  if (old !== undefined && recent !== undefined) return directionOf(one.scheme, old, recent);
  if (question === 'requirements') return 'changed';
  // A snapshot has `latest` where it could not tell the version.
  if (isAny(other) || (question === 'snapshots' && isAny(one))) return 'unknown';
  const [versions, range] = old === undefined ? [recent, one] : [old, other];
  if (versions === undefined) return 'changed';
  return range.ranges.every((text) => isMet(text, versions, [one, other])) ? undefined : 'changed';
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

const isAny = (item: Item): boolean => meaningOf(item) === 'latest';

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
