/**
 * Tests whether the store gave a folder its name. Anybody who can write the store can replace its folders with a
 * symlink to any folder. So a folder with another name is never treated as the store's.
 */
export type FolderNameTest = (name: string) => boolean;

/** Names of repositories, scopes, versions and keys. */
export const isDigest: FolderNameTest = (name) => /^[\da-f]{64}$/.test(name);
/** Names of ready copies and of items in quarantine. */
export const isUuid: FolderNameTest = (name) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(name);
/** Names in `leases` and `staging`: an owner and a random part. A date with underscores does not match. */
export const isOwnerName: FolderNameTest = (name) =>
  /^\d+_\d*_[\da-f-]*_\d*_[A-Za-z0-9.-]*_[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(name);
