import type { Manifest, Requirement } from '@runner-actions/manifest';
import { snapshotKind, snapshotTells } from './comparable.ts';
import {
  type Change,
  compareManifests,
  directionOf,
  type FullComparison,
  sortChanges,
  versionsOf,
} from './compare.ts';
import { groupItems, keyOf, textOf } from './groups.ts';
import { type Item, itemsOf } from './items.ts';
import { meets } from './meets.ts';

/**
 * Compares two files. Two snapshots, and two other manifests, are compared item by item. Of a manifest and a snapshot,
 * only what the manifest names is compared, by whether the snapshot's machine meets it.
 */
export function diffFiles(before: Manifest, after: Manifest): FullComparison {
  const [first, second] = [snapshotKind(before), snapshotKind(after)];
  if (first === second) {
    const question = first === undefined ? 'requirements' : 'snapshots';
    return { ...compareManifests(before, after, question), notes: [] };
  }
  if (first === undefined) return compareWithSnapshot(before, after, true);
  if (second === undefined) return compareWithSnapshot(after, before, false);
  const { changes, ...rest } = compareManifests(before, after, 'snapshots');
  const isOfOne = ({ change, kind }: Change): boolean =>
    kind.endsWith(' package') && (change === 'added' || change === 'removed');
  const note =
    'packages that only one snapshot has are not compared, since one of them has chosen packages only';
  return { changes: changes.filter((one) => !isOfOne(one)), ...rest, notes: [note] };
}

function compareWithSnapshot(manifest: Manifest, snapshot: Manifest, isFirst: boolean): FullComparison {
  const had = groupItems(snapshot);
  const isIn = (item: Item): boolean => isOfThatMachine(item, had);
  const changes: Change[] = [];
  const unknown: string[] = [];
  let same = 0;
  for (const requirement of manifest.requirements) {
    const items = itemsOf(requirement).filter(isIn);
    const why = items.length === 0 ? 'it is for other systems' : whyNotCompared(requirement);
    if (why !== undefined) unknown.push(`${requirement.kind} ${requirement.name} is not compared: ${why}`);
    for (const item of why === undefined ? items : []) {
      const found = itemOf(item, had);
      const verdict = found === undefined ? absent(item, snapshot) : meets(item, found);
      if (verdict === 'met') same += 1;
      else if (verdict === 'unmet') changes.push(changeOf(item, found, isFirst));
      else unknown.push(`${item.kind} ${item.name} is not compared: the snapshot does not tell`);
    }
  }
  const note = 'what the manifest does not name is not compared';
  return { changes: sortChanges(changes), same, notes: [note], unknown };
}

function changeOf(wanted: Item, found: Item | undefined, isFirst: boolean): Change {
  const { kind, name } = wanted;
  const named = { kind, name, item: wanted };
  const want = textOf(wanted);
  if (found === undefined)
    return isFirst
      ? { ...named, change: 'removed', before: want }
      : { ...named, change: 'added', after: want };
  const [one, other] = isFirst ? [wanted, found] : [found, wanted];
  const [old, recent] = [versionsOf(one.ranges), versionsOf(other.ranges)];
  const change =
    old === undefined || recent === undefined ? 'changed' : directionOf(wanted.scheme, old, recent);
  return { ...named, change, before: textOf(one), after: textOf(other) };
}

/** A snapshot names a Linux distribution instead of the system. */
function itemOf(item: Item, had: ReadonlyMap<string, Item>): Item | undefined {
  const found = had.get(keyOf(item));
  const { requirement } = item;
  if (found !== undefined || requirement.kind !== 'system' || requirement.fact !== 'os') return found;
  if (!had.has(keyOf({ kind: 'system', name: 'distribution' }))) return undefined;
  const linux: Requirement = { ...requirement, wanted: ['linux'] };
  return { ...item, requirement: linux, shown: 'linux' };
}

/** A manifest may name packages for the managers of several systems. */
function isOfThatMachine({ kind, requirement }: Item, had: ReadonlyMap<string, Item>): boolean {
  if (requirement.kind !== 'package' || Object.keys(requirement.packages).length < 2) return true;
  return [...had.values()].some((one) => one.kind === kind);
}

/** What a snapshot lacks is not on its machine, if it is something that snapshots have. */
function absent({ kind, name }: Item, snapshot: Manifest): 'unmet' | 'unknown' {
  const isPackage = kind.endsWith(' package');
  const hasManager = snapshot.requirements.some(
    (one) => one.kind === 'package' && `${Object.keys(one.packages)[0]} package` === kind,
  );
  if (isPackage) return snapshotKind(snapshot) === 'all' && hasManager ? 'unmet' : 'unknown';
  // Outside of a job the tool cache's folder is not known.
  const hasKind = snapshot.requirements.some((one) => one.kind === kind);
  if (kind === 'toolcache') return hasKind ? 'unmet' : 'unknown';
  return kind === 'rust' || (kind === 'engine' && name.includes(' ')) ? 'unknown' : 'unmet';
}

/** Says why a snapshot cannot answer a requirement. */
function whyNotCompared(requirement: Requirement): string | undefined {
  if (requirement.when.length > 0) return 'it is required only under a condition';
  return snapshotTells(requirement) ? undefined : 'a snapshot does not have it';
}
