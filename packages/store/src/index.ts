export { type Contents, copyTree } from './copy-tree.ts';
export { type Evicted, evict, listKept } from './evict.ts';
export { type Bounds, type Eviction, type Kept, planEviction } from './eviction-plan.ts';
export { digest, type Space, versionOf } from './identity.ts';
export { sweepStaging } from './staging.ts';
export {
  type Entry,
  findEntry,
  type Metadata,
  openStore,
  type Path,
  type Place,
  restoreEntry,
  saveEntry,
  type Source,
  type Store,
  type Tree,
} from './store.ts';
