export { type Contents, copyTree } from './copy-tree.ts';
export { digest, type Space, versionOf } from './identity.ts';
export { sweepStaging } from './staging.ts';
export {
  type Entry,
  findEntry,
  type Metadata,
  openStore,
  type Path,
  restoreEntry,
  saveEntry,
  type Store,
} from './store.ts';
