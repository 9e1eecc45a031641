import type { Manifest } from '@runner-actions/manifest';
import { checkAll } from '../check.ts';
import type { Machine } from '../kinds/kind.ts';
import type { Result } from '../results.ts';
import { readPackages } from '../snapshot/packages-section-io.ts';
import { type SnapshotOptions, takeSnapshot } from '../snapshot/take-snapshot-io.ts';
import { copiesOnPath } from '../tools/copies-io.ts';
import { comparablePart, snapshotKind } from './comparable.ts';
import { isOfManager, unlistedPackages } from './listed-packages.ts';
import {
  type Change,
  compareManifests,
  type Comparison,
  type FullComparison,
  sortChanges,
} from './compare.ts';
import { groupItems, keyOf } from './groups.ts';
import { itemsOf } from './items.ts';
import { joinRenames } from './renames.ts';

type Options = Pick<SnapshotOptions, 'concurrency'>;

/**
 * Compares a snapshot, or another manifest, with this machine. A snapshot is compared item by item with one of this
 * machine. Of a manifest that is no snapshot, only what it names is compared, by a check: what is met is no difference,
 * and that the machine has more is none either.
 */
export async function diffMachine(
  against: Manifest,
  machine: Machine,
  options: Options,
): Promise<FullComparison> {
  const isSnapshot = snapshotKind(against) !== undefined;
  const { manifest, left } = comparablePart(against, machine.facts);
  const asked = isSnapshot ? left : against.requirements;
  const results = await checkAll(asked, machine, { ...options, known: new Set() });
  const unmet = results.filter(
    ({ status, isUnknown }) => status === 'fail' || (status === 'warn' && !isUnknown),
  );
  // A snapshot asks every tool of this machine, which only differences need.
  const drift =
    isSnapshot || unmet.length > 0 ? await compareItems(against, manifest, machine, options) : undefined;
  const passed = results.filter(({ status }) => status === 'pass').length;
  const checked = await Promise.all(unmet.map((one) => changesOf(one, drift?.changes ?? [], machine)));
  const unknown = results
    .filter(({ status, isUnknown }) => status === 'error' || isUnknown === true)
    .map(({ requirement: { kind, name }, found }) => `${kind} ${name} is not compared: ${found}`);
  const more = 'what the manifest does not name is not compared, since it is no snapshot';
  // Several requirements of one thing have one change.
  const own = isSnapshot ? drift : undefined;
  return {
    changes: sortChanges([...new Set([...(own?.changes ?? []), ...checked.flat()])]),
    same: passed + (own?.same ?? 0),
    notes: own?.notes ?? [more],
    unknown: [...(own?.unknown ?? []), ...unknown],
  };
}

/** Compares what a snapshot tells. */
async function compareItems(
  against: Manifest,
  manifest: Manifest,
  machine: Machine,
  options: Options,
): Promise<Comparison & { notes: readonly string[] }> {
  const packages = snapshotKind(against) ?? 'all';
  const snapshot = await takeSnapshot(machine, { ...options, packages });
  const compared = compareManifests(manifest, snapshot.manifest, 'machine');
  const listed = await readPackages(machine, packages);
  const known = new Set(groupItems(manifest).keys());
  const { changes, same, unknown } =
    'unknown' in listed
      ? compared
      : await joinRenames(compared, known, listed.manager, (name) => listed.database.find(name));
  const here = changes.filter(({ kind }) => isOfManager(kind, listed));
  const told = await Promise.all(here.map((change) => withBroken(change, machine)));
  return {
    changes: sortChanges(told),
    same,
    notes: snapshot.notes,
    unknown: [...unknown, ...unlistedPackages(changes, listed)],
  };
}

/** A tool that is on PATH but does not answer is in no snapshot, and is not removed. */
async function withBroken(change: Change, machine: Machine): Promise<Change> {
  if (change.change !== 'removed' || change.kind !== 'tool') return change;
  const [path] = await copiesOnPath(change.name, machine);
  return path === undefined ? change : { ...change, change: 'changed', after: `${path}, without an answer` };
}

/** Returns the changes of a requirement that is not met: as two snapshots would show them, else what the check found. */
async function changesOf(
  { requirement, found, wanted }: Result,
  drift: readonly Change[],
  machine: Machine,
): Promise<Change[]> {
  const { kind, name } = requirement;
  // A snapshot of Linux has its distribution in place of the system.
  const isTold = !(requirement.kind === 'system' && requirement.fact === 'os');
  const items = itemsOf(requirement);
  const keys = new Set(items.map(keyOf));
  const own = drift.filter((one) => one.change !== 'added' && keys.has(keyOf(one)));
  if (isTold && own.length > 0) return own;
  const [item] = items;
  if (item === undefined) return [];
  const isGone = requirement.kind === 'tool' && (await copiesOnPath(name, machine)).length === 0;
  return [
    isGone
      ? { kind, name, item, change: 'removed', before: wanted }
      : { kind, name, item, change: 'changed', before: wanted, after: found },
  ];
}
