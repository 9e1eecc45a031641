import { type Entry, isCurrent, masterIn } from './entry.ts';
import type { Inventory } from './inventory.ts';
import { NotWhole } from './copy-file.ts';
import { expectOnDisk } from './disk.ts';
import { isShared, type Store } from './layout.ts';
import type { RestoreOptions } from './restore.ts';
import { type Pair, probePairs } from './probe.ts';
import type { Way } from './ways.ts';

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
