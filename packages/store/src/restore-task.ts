import type { Owner } from '@runner-actions/host';
import type { Lease } from './lease.ts';
import type { Mode } from './mode.ts';
import type { OnProgress } from './progress.ts';
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
  /** Returns whether jobs only read this path (absolute, one character per byte). */
  isImmutable: (path: string) => boolean;
  /** For all targets, or for each. */
  onExisting: OnExisting | readonly OnExisting[];
  /** In a shared store, `off` counts as `stat`. */
  verify: 'off' | 'stat' | 'full';
  /** Where the symlinks of the nth tree may lead, in a shared store. Without it: anywhere. */
  linksOf?: (index: number) => LinkRule;
  /** The job. It holds its lease while it lives. */
  job: Owner;
  /** Maximum number of ready copies of an entry. 0: no leases. */
  readyCopies: number;
  /** Moves the trees out of the entry instead of copying them, if a rename works. For a temporary store. */
  consume?: boolean;
  tick?: OnProgress;
}

export interface Restored {
  outcome: 'restored';
  mode: Mode;
  why: string;
  /** The job's lease, for `checkIn` when the job ends. JSON. Keep it where no other user can write. */
  lease?: Lease;
  /** Number of files that were newer in an updated target, and stayed. */
  newer?: number;
  /**
   * Obstacles that stayed in an updated target, with their kind, for messages: also folders that may not be written.
   * The entry's items there were left out.
   */
  left?: string[];
  /** Folders with the old contents of the targets. Remove them with `removeStagingFolder` when there is time. */
  trash: string[];
}

/** All data of one restore. */
export interface RestoreTask {
  store: Store;
  entry: Entry;
  /** Safe path to the entry's folder. */
  entryPath: string;
  targets: readonly string[];
  options: RestoreOptions;
  /** `undefined`: nothing can be created in the store. */
  staging: string | undefined;
  /** How each tree is put at its target. */
  placements: readonly Placement[];
}

/** Tests what works between the store and each target. */
export function probeTask({ staging, placements }: RestoreTask): Capabilities[] {
  return probeFolders(
    staging,
    placements.map(({ stagingParent }) => stagingParent),
  );
}

/** Returns what works for all targets. */
export function commonCapabilities(capabilities: readonly Capabilities[]): Capabilities {
  return {
    rename: capabilities.every(({ rename }) => rename),
    reflink: capabilities.every(({ reflink }) => reflink),
  };
}

/**
 * Checks that the entry was not replaced meanwhile. The trees of another entry may belong to other targets.
 * @throws TreeMismatch
 */
export function expectCurrent(entry: Entry): void {
  if (!isCurrent(entry)) throw new TreeMismatch('it was evicted meanwhile');
}

/**
 * Reads the inventories of the trees.
 * @throws TreeMismatch
 */
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
