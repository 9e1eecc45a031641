export { type CheckedIn, checkIn } from './check-in.ts';
export { NotWhole } from './copy-file.ts';
export { bytesOf, type Entry, findEntry, inventoryIn, type Place, readEntry, treeIn } from './entry.ts';
export { type Collected, collect, type CollectOptions } from './evict.ts';
export { type Bounds, type Eviction, planEviction } from './eviction-plan.ts';
export { type Estimate, estimateOf } from './growth.ts';
export { type Checked, checkStore, type Problem } from './fsck.ts';
export { digest, folderOf, type Space, versionOf } from './identity.ts';
export { importEntry } from './import-entry.ts';
export { type Item, lookAt, takeInventory, totalsOf } from './inventory.ts';
export { type Store } from './layout.ts';
export { type Lease } from './lease.ts';
export { type Left } from './left.ts';
export { markName } from './mark.ts';
export { checkRoot, findStore, openStore, whyRelative } from './root.ts';
export { type Holder, holderOfLock, readLock, releaseLock, takeLock, touchLock } from './lock.ts';
export { type Mode } from './mode.ts';
export { baseOf, below, fromText, parentOf, toBytes, toText } from './names.ts';
export { type PackFormat, type PackHeader, writePack } from './pack.ts';
export { everySoOften, type Tick } from './progress.ts';
export {
  type Broken,
  type Gone,
  putOutOfUse,
  type Restored,
  restoreEntry,
  type RestoreOptions,
} from './restore.ts';
export { type Limits, type LinkRule, UnsafeArchive } from './safe-items.ts';
export { fingerprintOf, type Origin, saveEntry, type SaveOptions, type Source } from './save.ts';
export { type Kept, listKept } from './space.ts';
export { dropStaging, makeStaging, sweepStaging } from './staging.ts';
export { type Statistics, statisticsOf } from './statistics.ts';
export { type FileWriter, mostTrees, type NextTree, type TreeWriter, writeTrees } from './tree-writer.ts';
export { type OnExisting } from './ways.ts';
export { readPack, readPackHeader, type UnpackOptions } from './unpack.ts';
export { type Parts, type Usage, usageOf } from './usage.ts';
export { asOwnerOf, removeAsRoot } from './as-owner.ts';
export { NotAStore, StoreUnusable } from './unusable.ts';
