// The API that actions use. Everything else is internal to this package: tests import it from its own file.
export { checkRoot, openStore } from './root.ts';
export { NotAStore, StoreUnusable } from './store-errors.ts';
export { type Store } from './store.ts';
export { digest, folderOf, type Space, versionOf } from './space.ts';
export { type Entry, findEntry, type Place } from './entry.ts';
export { contentOf } from './fingerprint.ts';
export { fromText, toBytes, toText } from './byte-paths.ts';
export { type Tick } from './progress.ts';

export { saveEntry } from './save.ts';
export { type Filled, importEntry } from './import-entry.ts';
export { singleFlight } from './single-flight.ts';
export { putOutOfUse, restoreEntry } from './restore.ts';
export { type Mode, modes } from './mode.ts';
export { type OnExisting } from './placement.ts';
export { type Lease } from './lease.ts';
export { type CheckedIn, checkIn } from './check-in.ts';
export { dropStaging } from './staging.ts';
export { type Holder } from './lock.ts';
export { lockTargets, TargetInUse, unlockTargets } from './target-locks.ts';

export { type Item } from './item.ts';
export { type PackFormat, writePack } from './pack.ts';
export { readPack, readPackHeader, type UnpackOptions } from './unpack.ts';
export { type LinkRule, UnsafeArchive } from './check-items.ts';
export { type TreeWriter, writeTrees } from './tree-writer.ts';

export { type Bounds } from './eviction-plan.ts';
export { type Collected, holdBounds } from './evict.ts';
export { type Clearing, clearStore, inspectStore, type Survey, surveyStore } from './maintenance.ts';
export { type Checked } from './fsck.ts';
