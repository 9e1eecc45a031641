import type { Manifest } from '@runner-actions/manifest';
import type { Machine } from '../kinds/kind.ts';
import { readPackages } from '../snapshot/packages-section-io.ts';
import { type SnapshotOptions, takeSnapshot } from '../snapshot/take-snapshot-io.ts';
import { comparablePart, snapshotKind } from './comparable.ts';
import { compareManifests, type Comparison, groupItems } from './compare.ts';
import { joinRenames } from './renames.ts';

export interface MachineDiff extends Comparison {
  /** What is not compared, and why. */
  notes: readonly string[];
}

/**
 * Compares a snapshot, or another manifest, with this machine. Of a manifest that is no snapshot, only what it names is
 * compared: that the machine has more is no difference.
 */
export async function diffMachine(
  against: Manifest,
  machine: Machine,
  options: Pick<SnapshotOptions, 'concurrency'>,
): Promise<MachineDiff> {
  const kind = snapshotKind(against);
  const packages = kind ?? 'all';
  const snapshot = await takeSnapshot(machine, { ...options, packages });
  const { manifest, left } = comparablePart(against, machine.facts);
  const compared = compareManifests(manifest, snapshot.manifest);
  const listed = await readPackages(machine, packages);
  const known = new Set(groupItems(manifest).keys());
  const joined =
    'unknown' in listed
      ? compared
      : await joinRenames(compared, known, listed.manager, (name) => listed.database.find(name));
  const changes = joined.changes.filter(
    ({ change, item }) =>
      (kind !== undefined || !['added', 'renamed'].includes(change)) && isOfManager(item.kind, listed),
  );
  const notes = [
    ...(kind === undefined
      ? ['what the manifest does not name is not compared, since it is no snapshot']
      : []),
    ...left.map((one) => `${one.kind} ${one.name} is not compared, since a snapshot does not have it`),
    ...snapshot.notes,
  ];
  return { changes, same: joined.same, notes };
}

/** A manifest may name packages for the managers of several systems. Those of others are not on this machine. */
function isOfManager(kind: string, listed: { manager: string } | { unknown: string }): boolean {
  if (!kind.endsWith(' package')) return true;
  return 'manager' in listed && kind === `${listed.manager} package`;
}
