import type { Owner } from '@runner-actions/host';
import type { Lease } from './lease.ts';
import type { Mode } from './mode.ts';
import type { Tick } from './progress.ts';
import type { LinkRule } from './safe-items.ts';
import { type Entry, isCurrent, masterIn } from './entry.ts';
import type { Inventory } from './item.ts';
import { NotWhole } from './copy-file.ts';
import { expectOnDisk } from './disk.ts';
import { isShared, type Store } from './store.ts';

import { type Pair, probePairs } from './probe.ts';
import type { OnExisting, Way } from './ways.ts';

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
export interface Task {
  store: Store;
  entry: Entry;
  /** The way to what is in the entry's folder. */
  here: string;
  targets: readonly string[];
  options: RestoreOptions;
  /** `undefined`: nothing can be made in the store. */
  staging: string | undefined;
  /** How each tree gets to its target. */
  ways: readonly Way[];
}

/** What works between the store and each target. */
export function probeTask({ staging, ways }: Task): Pair[] {
  return probePairs(
    staging,
    ways.map(({ beside }) => beside),
  );
}

/** What works for all of the targets. */
export function commonPair(pairs: readonly Pair[]): Pair {
  return { rename: pairs.every(({ rename }) => rename), reflink: pairs.every(({ reflink }) => reflink) };
}

/** Trees of another, saved under its key meanwhile, need not go to the same targets. @throws NotWhole */
export function expectThere(entry: Entry): void {
  if (!isCurrent(entry)) throw new NotWhole('it was evicted meanwhile');
}

/** The inventories of the trees. @throws NotWhole */
export function readMasters({ store, entry: { folder, metadata }, options: { linksOf } }: Task): Inventory[] {
  const ruleOf = isShared(store) ? linksOf : undefined;
  const masters = metadata.trees.map((_tree, index) => masterIn(folder, index, ruleOf?.(index)));
  expectOnDisk(folder, masters);
  return masters;
}
