import type { Owner } from '@runner-actions/host';
import type { Lease } from './lease.ts';
import type { Mode } from './mode.ts';
import type { Tick } from './progress.ts';
import type { LinkRule } from './check-items.ts';
import { type Entry, isCurrent, requireInventoryOf } from './entry.ts';
import type { Inventory } from './item.ts';
import { TreeMismatch } from './copy-file.ts';
import { expectFitsDisk } from './disk-size.ts';
import { isShared, type Store } from './store.ts';

import { type Capabilities, probeFolders } from './probe.ts';
import type { OnExisting, Placement } from './placement.ts';

export interface RestoreOptions {
  mode: Mode | 'auto';
  /** Whether jobs only read this path (absolute, a character for each byte). */
  isImmutable: (path: string) => boolean;
  /** Of all targets, or of each. */
  onExisting: OnExisting | readonly OnExisting[];
  /** What several users write is never taken without a look. */
  verify: 'off' | 'stat' | 'full';
  /** Where links of the nth tree may lead, in a store that several users write; without it, anywhere. */
  linksOf?: (index: number) => LinkRule;
  /** The job, which holds a lease for as long as it lives. */
  job: Owner;
  /** How many ready copies an entry may have; 0: no leases. */
  readyCopies: number;
  /** Takes the trees out of the entry instead of copying them, where a rename reaches: for a store that is thrown away. */
  consume?: boolean;
  tick?: Tick;
}

export interface Restored {
  outcome: 'restored';
  mode: Mode;
  why: string;
  /** What the job holds now, for `checkIn` when it ends. JSON; it is to be kept where no other user can write. */
  lease?: Lease;
  /** How many files were newer in a target that is updated, and stayed. */
  newer?: number;
  /** What stood in the way in a target that is updated, a folder that may not be written as well, and stays, with its kind, for people: what the entry has there is left out. */
  left?: string[];
  /** Folders with what was in the targets before, to be removed when there is time: `dropStaging`. */
  trash: string[];
}

/** What one restore is about. */
export interface RestoreTask {
  store: Store;
  entry: Entry;
  /** The way to what is in the entry's folder. */
  here: string;
  targets: readonly string[];
  options: RestoreOptions;
  /** `undefined`: nothing can be made in the store. */
  staging: string | undefined;
  /** How each tree gets to its target. */
  placements: readonly Placement[];
}

/** What works between the store and each target. */
export function probeTask({ staging, placements }: RestoreTask): Capabilities[] {
  return probeFolders(
    staging,
    placements.map(({ stagingParent }) => stagingParent),
  );
}

/** What works for all of the targets. */
export function commonCapabilities(capabilities: readonly Capabilities[]): Capabilities {
  return {
    rename: capabilities.every(({ rename }) => rename),
    reflink: capabilities.every(({ reflink }) => reflink),
  };
}

/** Trees of another, saved under its key meanwhile, need not go to the same targets. @throws TreeMismatch */
export function expectCurrent(entry: Entry): void {
  if (!isCurrent(entry)) throw new TreeMismatch('it was evicted meanwhile');
}

/** The inventories of the trees. @throws TreeMismatch */
export function readInventories({
  store,
  entry: { folder, metadata },
  options: { linksOf },
}: RestoreTask): Inventory[] {
  const ruleOf = isShared(store) ? linksOf : undefined;
  const entryInventories = metadata.trees.map((_tree, index) =>
    requireInventoryOf(folder, index, ruleOf?.(index)),
  );
  expectFitsDisk(folder, entryInventories);
  return entryInventories;
}
