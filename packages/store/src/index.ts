// The API that actions use. Everything else is internal to this package: tests import it from its own file.
export { checkRoot, lookAtStore, openStore } from './root.ts';
export { NotAStore, StoreUnusable } from './store-errors.ts';
export { type Store } from './store.ts';
export { digest, spacePath, type Space, spaceVersion } from './space.ts';
export { type Entry, type TreePlace } from './entry.ts';
export { findEntry } from './find-entry.ts';
export { computeFingerprint } from './fingerprint.ts';
export { pathFromText, pathToBytes, pathToText } from './byte-paths.ts';
export { type OnProgress } from './progress.ts';

export { saveEntry } from './save.ts';
export { type ImportedTrees, importEntry } from './import-entry.ts';
export { singleFlight } from './single-flight.ts';
export { retireEntry, restoreEntry } from './restore.ts';
export { type Mode, modes } from './mode.ts';
export { type OnExisting } from './placement.ts';
export { type Lease } from './lease.ts';
export { type CheckInResult, checkIn } from './check-in.ts';
export { removeStagingFolder } from './staging.ts';
export { type LockHolder, releaseLock, takeLock } from './lock.ts';
export { lockTargets, TargetInUse, unlockTargets } from './target-locks.ts';

export { type Item } from './item.ts';
export { type PackFormat, writePack } from './pack.ts';
export { readPack, readPackHeader, type UnpackOptions } from './unpack.ts';
export { type LinkRule, UnsafeArchive } from './check-items.ts';
export { type TreeWriter, writeTrees } from './tree-writer.ts';

export { type Bounds, type Eviction } from './eviction-plan.ts';
export { type EvictionResult, evictIfNeeded } from './evict.ts';
export { planRoom, makeRoom } from './make-room.ts';
export {
  type EvictionRequest,
  clearStore,
  inspectStore,
  type StoreReport,
  surveyStore,
} from './maintenance.ts';
export { type CheckReport } from './fsck.ts';
